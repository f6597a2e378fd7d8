import { Button, Group, Text, Textarea } from "@mantine/core";
import { useLayoutEffect, useRef } from "react";
import { Findings } from "./findings";
import { insertAt, PLACEHOLDERS } from "./placeholders";
import type { CheckedTemplate } from "./queries";
import classes from "./texting-settings.module.css";

interface Props {
  body: string;
  onBody: (body: string) => void;
  check: CheckedTemplate | undefined;
  disabled?: boolean;
}

/** A text being written: placeholders at the caret, what it costs, how it reads, what the linter says. */
export function BodyField({ body, onBody, check, disabled }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caret is set once the new text is in the field
  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [body]);
  const insert = (name: string) => {
    const at = field.current;
    const [next, place] = insertAt(
      body,
      name,
      at?.selectionStart ?? body.length,
      at?.selectionEnd ?? body.length,
    );
    caret.current = place;
    at?.focus();
    onBody(next);
  };
  return (
    <>
      <Textarea
        ref={field}
        label="Text"
        autosize
        minRows={4}
        maxRows={12}
        maxLength={1600}
        value={body}
        disabled={disabled}
        onChange={(event) => onBody(event.currentTarget.value)}
      />
      <Group justify="space-between" gap="xs" mt={6} align="flex-start">
        <Group gap={4} role="group" aria-label="Insert a placeholder">
          {PLACEHOLDERS.map((item) => (
            <Button
              key={item.name}
              size="compact-xs"
              variant="default"
              disabled={disabled}
              onClick={() => insert(item.name)}
            >
              + {item.label}
            </Button>
          ))}
        </Group>
        {check && (
          <Text size="xs" c="dimmed" className={classes.count} data-many={check.segments > 1 || undefined}>
            {check.letters} letters · {check.segments} SMS · {check.encoding}
          </Text>
        )}
      </Group>
      {check && <Findings problems={check.problems} />}
      {check?.preview && (
        <figure className={classes.phone}>
          <figcaption>As the patient reads it</figcaption>
          <p className={classes.bubble}>{check.preview}</p>
        </figure>
      )}
    </>
  );
}
