import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { ago, phone } from "../../shared/lib/format";
import { useMay } from "../session";
import { CallsDialog } from "./calls-dialog";
import { ConfirmDialog } from "./confirm-dialog";
import { EditLineDialog } from "./edit-line";
import { LineAddresses } from "./line-addresses";
import { PausedAlert, RotatingAlert } from "./line-alerts";
import { LineCheck } from "./line-check";
import { useUpdateLine } from "./mutations";
import { type PhoneLineOut, useClinics } from "./queries";
import { RotateDialog } from "./rotate-token";
import classes from "./texting-settings.module.css";

/** One number: its state, its addresses, and what can be done with it. */
export function LineCard({ line }: { line: PhoneLineOut }) {
  const may = useMay("settings:write");
  const clinic = useClinics().data?.items.find((found) => found.id === line.location_id);
  const update = useUpdateLine();
  const [editing, edit] = useDisclosure();
  const [calling, calls] = useDisclosure();
  const [rotating, rotate] = useDisclosure();
  const [ending, end] = useDisclosure();
  const turn = (active: boolean) =>
    update.mutate(
      { path: { line_id: line.id }, body: { active, version: line.version } },
      { onSettled: end.close },
    );
  return (
    <section className={classes.card} aria-labelledby={`line-${line.id}`}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div>
          <Group gap="xs">
            <Title order={2} size="h4" id={`line-${line.id}`}>
              {phone(line.number)}
            </Title>
            <State line={line} />
          </Group>
          <Text size="sm" c="dimmed">
            {line.forward_to
              ? `Calls ring ${phone(line.forward_to)} for ${line.ring_seconds} s`
              : "Calls go to voicemail"}
            {line.text_back ? ", who reached nobody is texted" : ", nobody is texted after"}
          </Text>
          <Text size="sm" c="dimmed">
            {clinic?.name ?? "Whole practice"} · Twilio account {line.account_sid}
            {line.messaging_service_sid && ` · service …${line.messaging_service_sid.slice(-4)}`}
            {" · "}
            {line.last_reconciled_at ? `compared ${ago(line.last_reconciled_at)}` : "not compared yet"}
          </Text>
        </div>
        {may && (
          <Group gap="xs">
            <Button size="xs" variant="default" onClick={edit.open}>
              Edit
            </Button>
            <Button size="xs" variant="default" onClick={calls.open}>
              Calls
            </Button>
            <Button size="xs" variant="default" onClick={rotate.open}>
              New token
            </Button>
            {line.active ? (
              <Button size="xs" variant="default" onClick={end.open}>
                Take out of use
              </Button>
            ) : (
              <Button size="xs" loading={update.isPending} onClick={() => turn(true)}>
                Use again
              </Button>
            )}
          </Group>
        )}
      </Group>
      <PausedAlert line={line} />
      <RotatingAlert line={line} />
      <LineAddresses line={line} />
      {may && <LineCheck line={line} />}
      <EditLineDialog key={line.version} line={line} opened={editing} onClose={edit.close} />
      <CallsDialog line={line} opened={calling} onClose={calls.close} />
      <RotateDialog line={line} opened={rotating} onClose={rotate.close} />
      <ConfirmDialog
        opened={ending}
        title={`Take ${phone(line.number)} out of use?`}
        action="Take out of use"
        color="red.9"
        pending={update.isPending}
        onCancel={end.close}
        onConfirmed={() => turn(false)}
      >
        Nothing more is sent from this number, and texts that wait for it are stopped. What patients write to
        it is still taken in, so nobody is lost.
      </ConfirmDialog>
    </section>
  );
}

function State({ line }: { line: PhoneLineOut }) {
  const [label, color] = !line.active
    ? ["Out of use: receives only", "gray"]
    : line.paused
      ? ["Automatic texts paused", "red"]
      : ["In use", "teal"];
  return (
    <Badge variant="light" color={color}>
      {label}
    </Badge>
  );
}
