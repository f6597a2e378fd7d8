import { ActionIcon, Button, Checkbox, Group, Text } from "@mantine/core";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { newOption, shifted } from "./draft";
import classes from "./editor.module.css";
import type { Option } from "./queries";
import { WordsFields } from "./words-fields";

interface Props {
  options: Option[];
  several: boolean;
  onChange: (options: Option[]) => void;
  error: (suffix: string) => string | undefined;
}

/** The answers to choose from. */
export function OptionsEditor({ options, several, onChange, error }: Props) {
  const set = (index: number, change: Partial<Option>) =>
    onChange(options.map((option, at) => (at === index ? { ...option, ...change } : option)));
  return (
    <fieldset className={classes.condition}>
      <legend>Answers</legend>
      {options.map((option, index) => {
        const name = option.label.en || `answer ${index + 1}`;
        return (
          <div key={option.id} className={classes.option}>
            <WordsFields
              label={`Answer ${index + 1}`}
              value={option.label}
              most={200}
              error={error(`/options/${index}/label/en`) ?? error(`/options/${index}/id`)}
              onChange={(label) => set(index, { label })}
            />
            <Group gap="sm" mt={4}>
              {several && (
                <Checkbox
                  size="xs"
                  label="takes back the others"
                  checked={option.alone ?? false}
                  onChange={(event) => set(index, { alone: event.currentTarget.checked })}
                />
              )}
              <Checkbox
                size="xs"
                label="warn the desk"
                checked={option.alert ?? false}
                onChange={(event) => set(index, { alert: event.currentTarget.checked })}
              />
              <Group gap={0} ml="auto">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Move ${name} up`}
                  disabled={index === 0}
                  onClick={() => onChange(shifted(options, index, -1))}
                >
                  <ArrowUp size={14} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Move ${name} down`}
                  disabled={index === options.length - 1}
                  onClick={() => onChange(shifted(options, index, 1))}
                >
                  <ArrowDown size={14} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={`Remove ${name}`}
                  onClick={() => onChange(options.filter((_, at) => at !== index))}
                >
                  <X size={14} />
                </ActionIcon>
              </Group>
            </Group>
          </div>
        );
      })}
      {error("/options") && (
        <Text size="xs" c="red.8">
          {error("/options")}
        </Text>
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<Plus size={13} />}
        disabled={options.length >= 60}
        onClick={() => onChange([...options, newOption(options.map((option) => option.id))])}
      >
        Add an answer
      </Button>
    </fieldset>
  );
}
