import { Alert, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { AnswerCells } from "./answer-cells";
import { useCorrectScore, useEnterScore } from "./mutations";
import type { EpisodeOutcomesOut, InstrumentOut, ScoreOut } from "./queries";
import { Result } from "./result";
import { blank, itemsOf, type Sheet, sheetFor, takenAt, today } from "./sheet";
import { nameOf, OCCASIONS } from "./wording";

interface Props {
  found: EpisodeOutcomesOut;
  instruments: InstrumentOut[];
  /** Corrected by what is entered. */
  old?: ScoreOut;
  onClose: () => void;
}

const idOf = (one: InstrumentOut) => `${one.key} ${one.version}`;

/** Enter the answers of one measure, or correct them; what they amount to is shown as they are typed. */
export function ScoreEntry({ found, instruments, old, onClose }: Props) {
  const listed = old
    ? instruments.filter((one) => one.key === old.instrument && one.version === old.instrument_version)
    : ordered(found, instruments);
  const [instrument, setInstrument] = useState<InstrumentOut | undefined>(listed[0]);
  if (!instrument) return null;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={old ? `Correct ${nameOf(instrument)}` : "Enter a score"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {!old && (
        <Select
          label="Measure"
          mb="sm"
          allowDeselect={false}
          searchable
          data={listed.map((one) => ({ value: idOf(one), label: `${nameOf(one)} · ${one.about}` }))}
          value={idOf(instrument)}
          onChange={(value) => setInstrument(listed.find((one) => idOf(one) === value) ?? instrument)}
        />
      )}
      <Form key={idOf(instrument)} found={found} instrument={instrument} old={old} onClose={onClose} />
    </Modal>
  );
}

/** Those used in this episode first, then those that fit, then all others. */
function ordered(found: EpisodeOutcomesOut, instruments: InstrumentOut[]): InstrumentOut[] {
  const first = [...found.measures.map((one) => one.instrument), ...found.suggested].map(idOf);
  const rank = (one: InstrumentOut) => {
    const at = first.indexOf(idOf(one));
    return at < 0 ? first.length : at;
  };
  return [...instruments].sort((one, other) => rank(one) - rank(other));
}

interface FormProps {
  found: EpisodeOutcomesOut;
  instrument: InstrumentOut;
  old?: ScoreOut;
  onClose: () => void;
}

function Form({ found, instrument, old, onClose }: FormProps) {
  const [sheet, setSheet] = useState<Sheet>(() => sheetFor(instrument, found, old));
  const [begun] = useState(sheet.day);
  const enter = useEnterScore();
  const correct = useCorrectScore();
  const mutation = old ? correct : enter;
  const problem = mutation.isError ? problemOf(mutation.error) : null;
  const wrong = new Map((problem?.errors ?? []).map((error) => [error.pointer, error.detail]));
  const { items, activities } = itemsOf(instrument, sheet);
  const change = (part: Partial<Sheet>) => setSheet((before) => ({ ...before, ...part }));

  const whose = found.episode_id ? { episode_id: found.episode_id } : { lead_id: found.lead_id };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      items,
      activities,
      instrument_version: instrument.version,
      occasion: sheet.occasion,
      taken_at: takenAt(sheet, begun),
    };
    if (old) {
      correct.mutate(
        { path: { score_id: old.id }, body: { ...body, reason: sheet.reason } },
        { onSuccess: onClose },
      );
    } else {
      enter.mutate({ body: { ...body, ...whose, instrument: instrument.key } }, { onSuccess: onClose });
    }
  };
  return (
    <form onSubmit={submit}>
      <Text size="sm" c="dimmed">
        {instrument.lowest} to {instrument.highest} each; a space leaves one out. {instrument.missing_rule}
      </Text>
      <AnswerCells
        instrument={instrument}
        typed={sheet.typed}
        onTyped={(typed) => change({ typed })}
        activities={sheet.activities}
        onActivity={(index, words) =>
          change({ activities: sheet.activities.map((one, at) => (at === index ? words : one)) })
        }
        fixed={sheet.fixed}
        wrong={wrong}
      />
      <Group gap="sm" mt="xs" align="flex-start">
        <Select
          label="When in care"
          size="xs"
          w={150}
          clearable
          placeholder="Automatic"
          data={Object.entries(OCCASIONS).map(([value, label]) => ({ value, label }))}
          value={sheet.occasion ?? null}
          onChange={(value) => {
            const occasion = (value ?? undefined) as Sheet["occasion"];
            // New activities begin a new baseline.
            change({ occasion, fixed: occasion === "intake" && !old ? false : sheet.known });
          }}
        />
        <TextInput
          label="Answered on"
          size="xs"
          type="date"
          max={today()}
          value={sheet.day}
          error={wrong.get("/taken_at")}
          onChange={(event) => change({ day: event.currentTarget.value })}
        />
        {old && (
          <TextInput
            label="Why it is corrected"
            size="xs"
            required
            flex={1}
            maxLength={300}
            value={sheet.reason}
            onChange={(event) => change({ reason: event.currentTarget.value })}
          />
        )}
      </Group>
      <Result instrument={instrument} items={items} found={found} />
      {problem && (
        <Alert color="red" variant="light" mt="sm">
          <Stack gap={2}>
            <Text size="sm">{problem.message}</Text>
            {problem.errors.map((error) => (
              <Text key={error.pointer} size="sm">
                {error.pointer.slice(1)}: {error.detail}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" loading={mutation.isPending} disabled={blank(sheet)}>
          {old ? "Save the correction" : "Save the score"}
        </Button>
      </Group>
    </form>
  );
}
