import { Group, Text, TextInput } from "@mantine/core";
import { useRef } from "react";
import classes from "./outcomes.module.css";
import type { InstrumentOut } from "./queries";
import { type Typed, type } from "./typing";

interface Props {
  instrument: InstrumentOut;
  typed: Typed;
  onTyped: (typed: Typed) => void;
  /** PSFS: what each item rates. `fixed`: named before, and only rated again. */
  activities: string[];
  onActivity: (index: number, words: string) => void;
  fixed: boolean;
  wrong: Map<string, string>;
}

/** One cell per answer: digits move on, a space leaves one out, Backspace goes back. */
export function AnswerCells({ instrument, typed, onTyped, activities, onActivity, fixed, wrong }: Props) {
  const cells = useRef<(HTMLInputElement | null)[]>([]);
  const range = { lowest: instrument.lowest, highest: instrument.highest };
  const press = (index: number, key: string): boolean => {
    const next = type({ ...typed, at: index, open: typed.open && typed.at === index }, key, range);
    if (!next) return false;
    onTyped(next);
    cells.current[next.at]?.focus();
    return true;
  };
  const cell = (index: number) => (
    <input
      ref={(element) => {
        cells.current[index] = element;
      }}
      className={classes.cell}
      inputMode="numeric"
      autoComplete="off"
      aria-label={`${labelOf(instrument, index, activities[index])}, ${range.lowest} to ${range.highest}`}
      aria-invalid={wrong.has(`/items/${index}`)}
      value={typed.items[index] ?? ""}
      data-autofocus={index === 0 || undefined}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (press(index, event.key)) event.preventDefault();
        else if (event.key === "ArrowLeft") cells.current[index - 1]?.focus();
        else if (event.key === "ArrowRight") cells.current[index + 1]?.focus();
      }}
      // Keyboards on screens do not say which key it was.
      onChange={(event) => press(index, event.currentTarget.value.slice(-1) || "Backspace")}
    />
  );
  if (instrument.key === "psfs") {
    return (
      <>
        {typed.items.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own
          <Group key={index} gap={8} wrap="nowrap" mb={6}>
            {cell(index)}
            {fixed ? (
              <Text size="sm">{activities[index]}</Text>
            ) : (
              <TextInput
                size="xs"
                flex={1}
                maxLength={120}
                aria-label={`Activity ${index + 1}`}
                placeholder={`Activity ${index + 1}, in the patient’s words`}
                value={activities[index] ?? ""}
                onChange={(event) => onActivity(index, event.currentTarget.value)}
              />
            )}
          </Group>
        ))}
      </>
    );
  }
  return (
    <fieldset className={classes.cells}>
      <legend>Answers</legend>
      {typed.items.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items are known by their place
        <span key={index} className={classes.item}>
          <small aria-hidden="true">{shortLabel(instrument, index)}</small>
          {cell(index)}
        </span>
      ))}
    </fieldset>
  );
}

const RATINGS = ["Now", "Best", "Worst"];
const PAIN_ITEMS = 5;

function labelOf(instrument: InstrumentOut, index: number, activity?: string): string {
  if (instrument.key === "psfs") return activity || `Activity ${index + 1}`;
  if (instrument.key === "nprs") return RATINGS[index] ?? "";
  if (instrument.key === "spadi") {
    return index < PAIN_ITEMS ? `Pain ${index + 1}` : `Disability ${index - PAIN_ITEMS + 1}`;
  }
  return `Item ${index + 1}`;
}

function shortLabel(instrument: InstrumentOut, index: number): string {
  if (instrument.key === "nprs") return RATINGS[index] ?? "";
  if (instrument.key === "spadi") return index < PAIN_ITEMS ? `P${index + 1}` : `D${index - PAIN_ITEMS + 1}`;
  return String(index + 1);
}
