import { Badge, Button, Group, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import classes from "./referrers.module.css";

interface Props {
  /** Both, with what is known of them, and their names. */
  shown: [ReactNode, ReactNode];
  names: [string, string];
  likely: boolean;
  agrees: string[];
  differs: string[];
  dismissedBy: string | null;
  /** What is said of two that stay two. */
  two: string;
  may: boolean;
  busy: boolean;
  onKeep: (which: 0 | 1) => void;
  onDismiss: () => void;
  onReconsider: () => void;
}

/** Two that may be one: why, and what to do about it. */
export function PairRow({ shown, likely, agrees, differs, may, ...rest }: Props) {
  return (
    <li className={classes.double}>
      <div className={classes.pair}>
        <div>{shown[0]}</div>
        <div>{shown[1]}</div>
      </div>
      <Text size="sm" component="div">
        <Badge variant="light" color={likely ? "orange" : "gray"} mr={8}>
          {likely ? "Very likely one" : "May be one"}
        </Badge>
        {[...agrees, ...differs.map((reason) => `but ${reason}`)].join(", ")}
      </Text>
      {may && (
        <Group gap="xs" mt={8}>
          <Choice {...rest} />
        </Group>
      )}
    </li>
  );
}

type ChoiceProps = Omit<Props, "shown" | "likely" | "agrees" | "differs" | "may">;

function Choice({ names, dismissedBy, two, busy, onKeep, onDismiss, onReconsider }: ChoiceProps) {
  const [asking, setAsking] = useState(false);
  if (dismissedBy) {
    return (
      <>
        <Text size="sm" c="dimmed">
          {dismissedBy} says these are two.
        </Text>
        <Button size="xs" variant="subtle" onClick={onReconsider}>
          Maybe one after all
        </Button>
      </>
    );
  }
  if (!asking) {
    return (
      <>
        <Button size="xs" variant="light" onClick={() => setAsking(true)}>
          Merge…
        </Button>
        <Button size="xs" variant="default" loading={busy} onClick={onDismiss}>
          {two}
        </Button>
      </>
    );
  }
  return (
    <>
      <Text size="sm">Keep which? Everything of the other moves there; it can be undone.</Text>
      <Button size="xs" loading={busy} onClick={() => onKeep(0)}>
        {names[0]}
      </Button>
      <Button size="xs" loading={busy} onClick={() => onKeep(1)}>
        {names[1]}
      </Button>
      <Button size="xs" variant="subtle" color="gray" onClick={() => setAsking(false)}>
        Cancel
      </Button>
    </>
  );
}
