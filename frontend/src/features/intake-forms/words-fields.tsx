import { Group, Textarea, TextInput } from "@mantine/core";
import type { Words } from "./queries";

interface Props {
  label: string;
  value: Words | null | undefined;
  onChange: (words: Words) => void;
  error?: string;
  required?: boolean;
  lines?: number;
  most?: number;
  id?: string;
}

/** The same text in English and Spanish, side by side. */
export function WordsFields({ label, value, onChange, error, required, lines, most = 500, id }: Props) {
  const words = { en: "", es: "", ...value };
  const shared = { size: "xs" as const, maxLength: most, flex: "1 1 180px" };
  const english = {
    ...shared,
    id,
    label,
    error,
    withAsterisk: required,
    value: words.en,
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...words, en: event.currentTarget.value }),
  };
  const spanish = {
    ...shared,
    label: `${label} (Spanish)`,
    lang: "es",
    value: words.es,
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...words, es: event.currentTarget.value }),
  };
  return (
    <Group gap="sm" align="flex-start" wrap="wrap">
      {lines ? (
        <>
          <Textarea {...english} autosize minRows={lines} maxRows={14} />
          <Textarea {...spanish} autosize minRows={lines} maxRows={14} />
        </>
      ) : (
        <>
          <TextInput {...english} />
          <TextInput {...spanish} />
        </>
      )}
    </Group>
  );
}
