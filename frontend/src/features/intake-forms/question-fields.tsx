import { Checkbox, Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import { ConditionEditor } from "./condition-editor";
import { earlierThan } from "./draft";
import { OptionsEditor } from "./options-editor";
import { fitting } from "./prefills";
import type { Form, Question } from "./queries";
import { WordsFields } from "./words-fields";

interface Props {
  form: Form;
  sectionId: string;
  question: Question;
  onChange: (change: Partial<Question>) => void;
  /** What is wrong at a place below this question. */
  error: (suffix: string) => string | undefined;
}

/** Everything that can be said of one question. */
export function QuestionFields({ form, sectionId, question, onChange, error }: Props) {
  const note = question.type === "note";
  const bindings = fitting(question.type);
  return (
    <Stack gap="sm">
      <WordsFields
        id={`label-${question.id}`}
        label={note ? "Text" : "Question"}
        value={question.label}
        required
        lines={note ? 2 : undefined}
        most={note ? 2000 : 500}
        error={error("/label/en")}
        onChange={(label) => onChange({ label })}
      />
      <WordsFields
        label="Help below it"
        value={question.help}
        onChange={(help) => onChange({ help: help.en || help.es ? help : null })}
      />
      <Special question={question} onChange={onChange} error={error} />
      {!note && (
        <Group gap="lg" align="flex-end">
          <Checkbox
            size="xs"
            label="Must be answered"
            checked={question.required ?? false}
            onChange={(event) => onChange({ required: event.currentTarget.checked })}
          />
          {bindings.length > 0 && (
            <Select
              label="Filled in from"
              description="What we know already; what the patient changes is compared with it."
              size="xs"
              w={280}
              clearable
              placeholder="nothing"
              error={error("/prefill")}
              data={bindings}
              value={question.prefill ?? null}
              onChange={(prefill) => onChange({ prefill: prefill as Question["prefill"] })}
            />
          )}
        </Group>
      )}
      <ConditionEditor
        what="this question"
        condition={question.show_if}
        earlier={earlierThan(form, sectionId, question.id)}
        onChange={(show_if) => onChange({ show_if })}
        error={(suffix) => error(`/show_if${suffix}`)}
      />
    </Stack>
  );
}

type SpecialProps = Pick<Props, "question" | "onChange" | "error">;

function Special({ question, onChange, error }: SpecialProps) {
  switch (question.type) {
    case "choice":
    case "multi_choice":
      return (
        <OptionsEditor
          options={question.options ?? []}
          several={question.type === "multi_choice"}
          onChange={(options) => onChange({ options } as Partial<Question>)}
          error={error}
        />
      );
    case "short_text":
    case "long_text":
      return (
        <Count
          label="Most letters"
          value={question.max_length ?? (question.type === "short_text" ? 200 : 2000)}
          most={question.type === "short_text" ? 500 : 5000}
          onChange={(max_length) => onChange({ max_length } as Partial<Question>)}
        />
      );
    case "number":
      return <NumberLimits question={question} onChange={onChange} error={error} />;
    case "date":
      return (
        <Select
          label="Which days"
          size="xs"
          w={220}
          allowDeselect={false}
          data={[
            { value: "any", label: "Any day" },
            { value: "past", label: "Today or before" },
            { value: "future", label: "Today or later" },
          ]}
          value={question.when ?? "any"}
          onChange={(when) => onChange({ when } as Partial<Question>)}
        />
      );
    case "scale":
      return (
        <>
          <WordsFields
            label="0 means"
            value={question.low}
            most={60}
            error={error("/low/en")}
            onChange={(low) => onChange({ low } as Partial<Question>)}
          />
          <WordsFields
            label="10 means"
            value={question.high}
            most={60}
            error={error("/high/en")}
            onChange={(high) => onChange({ high } as Partial<Question>)}
          />
        </>
      );
    case "activities":
      return (
        <Group gap="sm" align="flex-start">
          {(["least", "most"] as const).map((end) => (
            <Count
              key={end}
              label={`How many at ${end}`}
              value={question[end] ?? { least: 3, most: 5 }[end]}
              most={5}
              error={error(`/${end}`)}
              onChange={(count) => onChange({ [end]: count } as Partial<Question>)}
            />
          ))}
        </Group>
      );
    case "agreement":
      return <AgreementFields question={question} onChange={onChange} error={error} />;
  }
  return null;
}

interface CountProps {
  label: string;
  value: number;
  most: number;
  error?: string;
  onChange: (value: number) => void;
}

function Count({ label, value, most, error, onChange }: CountProps) {
  return (
    <NumberInput
      label={label}
      size="xs"
      w={130}
      min={1}
      max={most}
      clampBehavior="blur"
      allowDecimal={false}
      allowNegative={false}
      error={error}
      value={value}
      onChange={(next) => typeof next === "number" && next >= 1 && next <= most && onChange(next)}
    />
  );
}

function NumberLimits({ question, onChange, error }: SpecialProps) {
  if (question.type !== "number") return null;
  const set = (name: "least" | "most") => (value: number | string) =>
    onChange({ [name]: typeof value === "number" ? value : null } as Partial<Question>);
  return (
    <>
      <Group gap="sm" align="flex-start">
        <NumberInput label="Lowest" size="xs" w={110} value={question.least ?? ""} onChange={set("least")} />
        <NumberInput
          label="Highest"
          size="xs"
          w={110}
          error={error("/most")}
          value={question.most ?? ""}
          onChange={set("most")}
        />
        <NumberInput
          label="Decimals"
          size="xs"
          w={90}
          min={0}
          max={2}
          value={question.decimals ?? 0}
          onChange={(decimals) => onChange({ decimals: Number(decimals) || 0 } as Partial<Question>)}
        />
      </Group>
      <WordsFields
        label="Unit"
        value={question.unit}
        most={30}
        onChange={(unit) => onChange({ unit: unit.en || unit.es ? unit : null } as Partial<Question>)}
      />
    </>
  );
}

function AgreementFields({ question, onChange, error }: SpecialProps) {
  if (question.type !== "agreement") return null;
  return (
    <>
      <WordsFields
        label="What the patient agrees to"
        value={question.text}
        required
        lines={5}
        most={20_000}
        error={error("/text/en")}
        onChange={(text) => onChange({ text } as Partial<Question>)}
      />
      <Text size="xs" c="dimmed">
        {question.version
          ? `Version ${question.version}. Other words become a new version when you publish; who has agreed keeps the words they read.`
          : "Becomes version 1 when you publish."}
      </Text>
      <Checkbox
        size="xs"
        label="The patient types their name under it"
        checked={question.sign === "name"}
        onChange={(event) =>
          onChange({ sign: event.currentTarget.checked ? "name" : "check" } as Partial<Question>)
        }
      />
    </>
  );
}
