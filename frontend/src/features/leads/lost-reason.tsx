import { Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";

const REASONS = [
  "Went to another clinic",
  "Could not be reached",
  "Insurance not accepted",
  "Declined therapy",
  "Too far or no suitable time",
  // These two were no referrals; reports leave them out.
  "Duplicate referral",
  "Not for this practice",
];
const OTHER = "other";

interface Props {
  opened: boolean;
  onCancel: () => void;
  onGiven: (reason: string) => void;
}

/** A lost lead needs its reason: it is what the practice learns from. */
export function LostReason({ opened, onCancel, onGiven }: Props) {
  const [choice, setChoice] = useState("");
  const [text, setText] = useState("");
  const reason = choice === OTHER ? text.trim() : choice;
  return (
    <Modal opened={opened} onClose={onCancel} title="Why was this lead lost?" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (reason) onGiven(reason);
          setChoice("");
          setText("");
        }}
      >
        <Radio.Group value={choice} onChange={setChoice} aria-label="Reason">
          <Stack gap="xs">
            {REASONS.map((found) => (
              <Radio key={found} value={found} label={found} />
            ))}
            <Radio value={OTHER} label="Something else" />
          </Stack>
        </Radio.Group>
        {choice === OTHER && (
          <TextInput
            mt="sm"
            label="Reason"
            maxLength={300}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onCancel}>
            Keep the lead
          </Button>
          <Button type="submit" color="red" disabled={!reason}>
            Close as lost
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
