import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { usePutWording } from "./mutations";
import { labelsIn, pasted, questionsIn } from "./paste";
import type { InstrumentOut, WordingOut } from "./queries";

interface Props {
  wording: WordingOut | null;
  instruments: InstrumentOut[];
  onClose: () => void;
}

const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "es", label: "Spanish" },
];

/** Paste the questions of a licensed copy. */
export function WordingDialog({ wording, instruments, onClose }: Props) {
  const put = usePutWording();
  const licensed = instruments.filter((one) => one.owner !== null && one.version === one.versions[0]);
  const [key, setKey] = useState<string>(wording?.instrument ?? licensed[0]?.key ?? "");
  const [language, setLanguage] = useState<string>(wording?.language ?? "en");
  const [intro, setIntro] = useState(wording?.intro ?? "");
  const [labels, setLabels] = useState((wording?.options ?? []).join("\n"));
  const [questions, setQuestions] = useState(pasted(wording?.items ?? []));
  const [license, setLicense] = useState(wording?.license_note ?? "");
  const one = licensed.find((instrument) => instrument.key === key);
  if (!one) return null;
  const items = questionsIn(questions);
  const wanted = Math.max(...one.items);
  const problem = put.isError ? problemOf(put.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    put.mutate(
      {
        path: { instrument: one.key, version: one.version, language: language as "en" | "es" },
        body: {
          version: wording?.version ?? 0,
          intro: intro.trim() || null,
          options: labelsIn(labels),
          items,
          license_note: license,
        },
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={wording ? `Questions of ${one.name}` : "Enter licensed questions"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group grow>
            <Select
              label="Measure"
              allowDeselect={false}
              disabled={wording !== null}
              data={licensed.map((instrument) => ({ value: instrument.key, label: instrument.name }))}
              value={key}
              onChange={(value) => value && setKey(value)}
            />
            <Select
              label="Language"
              allowDeselect={false}
              disabled={wording !== null}
              data={LANGUAGES}
              value={language}
              onChange={(value) => value && setLanguage(value)}
            />
          </Group>
          <Text size="sm" c="dimmed">
            These questions belong to others ({one.owner}). Enter them only if your practice may use them on
            patients’ phones.
          </Text>
          <Textarea
            label="Instructions above each question"
            autosize
            minRows={1}
            maxLength={600}
            value={intro}
            onChange={(event) => setIntro(event.currentTarget.value)}
          />
          <Textarea
            label={`Answers, lowest (${one.lowest}) first`}
            description={`One per line: all ${one.highest - one.lowest + 1}, or only both ends.`}
            autosize
            minRows={2}
            value={labels}
            onChange={(event) => setLabels(event.currentTarget.value)}
          />
          <Textarea
            label="Questions"
            description="One per line. Where a question has answers of its own, put them below it, and an empty line after them."
            required
            autosize
            minRows={6}
            maxRows={16}
            value={questions}
            onChange={(event) => setQuestions(event.currentTarget.value)}
          />
          <Text size="sm" role="status" c={items.length === wanted ? "teal.8" : "dimmed"}>
            {items.length} of {wanted} questions
          </Text>
          <TextInput
            label="Licence"
            required
            maxLength={600}
            placeholder="Number, date, who holds it"
            value={license}
            onChange={(event) => setLicense(event.currentTarget.value)}
          />
          {problem && (
            <Alert color="red" variant="light">
              {problem.message}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={put.isPending} disabled={items.length !== wanted}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
