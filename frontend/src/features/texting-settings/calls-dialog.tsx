import { Button, Group, Modal, NumberInput, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { phone } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { useUpdateLineCalls } from "./mutations";
import { type LineCallsOut, type PhoneLineOut, useLineCalls } from "./queries";
import classes from "./texting-settings.module.css";

interface Props {
  line: PhoneLineOut;
  opened: boolean;
  onClose: () => void;
}

/** How a number answers calls. */
export function CallsDialog({ line, opened, onClose }: Props) {
  const calls = useLineCalls(line.id, opened);
  return (
    <Modal opened={opened} onClose={onClose} title={`Calls to ${phone(line.number)}`} size="lg" centered>
      {calls.isPending && <Loading label="Loading calls" />}
      {calls.isError && <Failed error={calls.error} retry={() => calls.refetch()} />}
      {calls.data && <CallsForm calls={calls.data} onClose={onClose} />}
    </Modal>
  );
}

function CallsForm({ calls, onClose }: { calls: LineCallsOut; onClose: () => void }) {
  const update = useUpdateLineCalls();
  const [forward, setForward] = useState(calls.forward_to ? phone(calls.forward_to) : "");
  const [ring, setRing] = useState(calls.ring_seconds);
  const [textBack, setTextBack] = useState(calls.text_back);
  const [english, setEnglish] = useState(calls.greeting ?? "");
  const [spanish, setSpanish] = useState(calls.greeting_es ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      forward_to: forward.trim() || null,
      ring_seconds: ring,
      text_back: textBack,
      greeting: english.trim() || null,
      greeting_es: spanish.trim() || null,
      version: calls.version,
    };
    update.mutate({ path: { line_id: calls.line_id }, body }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-start" grow>
          <TextInput
            label="Ring this phone at the desk"
            description="Empty: straight to voicemail."
            placeholder="(217) 555-0199"
            data-autofocus
            value={forward}
            onChange={(event) => setForward(event.currentTarget.value)}
          />
          <NumberInput
            label="For how many seconds"
            description="Then the greeting, and voicemail."
            min={5}
            max={60}
            clampBehavior="blur"
            allowDecimal={false}
            value={ring}
            onChange={(value) => typeof value === "number" && setRing(value)}
          />
        </Group>
        <Switch
          label="Text who reached nobody"
          description="One text (“Missed call” under Texts), where law and patient allow it."
          checked={textBack}
          onChange={(event) => setTextBack(event.currentTarget.checked)}
        />
        <Textarea
          label="Greeting"
          description="Empty: the usual words."
          autosize
          minRows={2}
          value={english}
          onChange={(event) => setEnglish(event.currentTarget.value)}
        />
        <Textarea
          label="Greeting in Spanish"
          autosize
          minRows={2}
          value={spanish}
          onChange={(event) => setSpanish(event.currentTarget.value)}
        />
        <div>
          <Text size="xs" c="dimmed">
            Callers hear now
          </Text>
          {calls.says.map((text) => (
            <Text key={text} size="sm" className={classes.theirs}>
              “{text}”
            </Text>
          ))}
        </div>
      </Stack>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={update.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
