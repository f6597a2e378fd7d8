import { ActionIcon, Group, TextInput } from "@mantine/core";
import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { DAYS, type DaySpan } from "../lib/week";
import classes from "./week-form.module.css";

interface Props<S extends DaySpan> {
  days: S[][];
  may: boolean;
  /** What a day without hours is called, and the two ends of a span. */
  words: { free: string; opens: string; closes: string };
  /** Minutes between the times offered. */
  step?: number;
  /** How many spans a day may have. */
  most?: number;
  problemOf: (spans: S[]) => string | null;
  spanAfter: (spans: S[], weekday: number) => S;
  onChange: (days: S[][]) => void;
  /** What else is chosen for a span. */
  children?: (span: S, name: string, put: (part: Partial<S>) => void) => ReactNode;
}

/** Seven days with their hours: changed, added, removed, and told where they cannot be. */
export function WeekForm<S extends DaySpan>(props: Props<S>) {
  const set = (weekday: number, spans: S[]) =>
    props.onChange(props.days.map((old, index) => (index === weekday ? spans : old)));
  return DAYS.map((name, weekday) => (
    <Day
      key={name}
      {...props}
      name={name}
      weekday={weekday}
      spans={props.days[weekday] ?? []}
      set={(spans) => set(weekday, spans)}
    />
  ));
}

interface DayProps<S extends DaySpan> extends Props<S> {
  name: string;
  weekday: number;
  spans: S[];
  set: (spans: S[]) => void;
}

function Day<S extends DaySpan>({ name, weekday, spans, set, may, words, ...props }: DayProps<S>) {
  const wrong = props.problemOf(spans);
  const put = (index: number, part: Partial<S>) =>
    set(spans.map((span, place) => (place === index ? { ...span, ...part } : span)));
  const time = (index: number, end: "opens" | "closes") => (
    <TextInput
      type="time"
      size="xs"
      step={props.step && 60 * props.step}
      aria-label={`${name} ${words[end]}`}
      disabled={!may}
      value={spans[index]?.[end] ?? ""}
      onChange={(event) => put(index, { [end]: event.currentTarget.value } as Partial<S>)}
    />
  );
  return (
    <div className={classes.day}>
      <span className={classes.dayName}>{name}</span>
      <div className={classes.spans}>
        {spans.length === 0 && <span className={classes.free}>{words.free}</span>}
        {spans.map((span, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span has no other name than its place
          <Group key={index} gap={4} wrap={props.children ? "wrap" : "nowrap"}>
            {time(index, "opens")}–{time(index, "closes")}
            {props.children?.(span, name, (part) => put(index, part))}
            {may && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove these hours of ${name}`}
                onClick={() => set(spans.filter((_, place) => place !== index))}
              >
                <X size={14} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {may && spans.length < (props.most ?? Number.POSITIVE_INFINITY) && (
          <ActionIcon
            variant="subtle"
            aria-label={`Add hours on ${name}`}
            onClick={() => set([...spans, props.spanAfter(spans, weekday)])}
          >
            <Plus size={15} />
          </ActionIcon>
        )}
        {wrong && (
          <span className={classes.wrong} role="alert">
            {wrong}
          </span>
        )}
      </div>
    </div>
  );
}
