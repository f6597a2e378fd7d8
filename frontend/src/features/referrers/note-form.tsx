import { Button, Group, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAddNote } from "./mutations";

/** A note about the referrer. */
export function NoteForm({ referrerId }: { referrerId: string }) {
  const [text, setText] = useState("");
  const add = useAddNote();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    add.mutate({ path: { referrer_id: referrerId }, body: { text } }, { onSuccess: () => setText("") });
  };
  return (
    <form onSubmit={submit}>
      <Group gap={8} align="flex-end" wrap="nowrap">
        <Textarea
          flex={1}
          autosize
          minRows={1}
          maxRows={6}
          maxLength={2000}
          aria-label="Note"
          placeholder="About the referrer; what concerns a patient belongs on the lead"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={!text.trim()} loading={add.isPending}>
          Add
        </Button>
      </Group>
    </form>
  );
}
