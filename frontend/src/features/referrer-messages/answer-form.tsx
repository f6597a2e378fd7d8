import { Button, Group, Textarea } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { newMutationId } from "../../api/client";
import { useAnswer } from "./mutations";

/** A few lines back. One key per answer: a second press sends nothing twice. */
export function AnswerForm({ messageId, onDone }: { messageId: string; onDone: () => void }) {
  const answer = useAnswer();
  const key = useRef(newMutationId());
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    answer.mutate(
      {
        path: { message_id: messageId },
        body: { text: text.trim() },
        headers: { "idempotency-key": key.current },
      },
      { onSuccess: onDone },
    );
  };
  return (
    <form onSubmit={submit}>
      <Textarea
        mt={10}
        label="Your answer"
        description="They read it on their page. By e-mail goes only a secure link; by fax the answer itself."
        autosize
        minRows={3}
        maxRows={12}
        maxLength={2000}
        data-autofocus
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs" mt={8}>
        <Button size="xs" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" type="submit" disabled={!text.trim()} loading={answer.isPending}>
          Send the answer
        </Button>
      </Group>
    </form>
  );
}
