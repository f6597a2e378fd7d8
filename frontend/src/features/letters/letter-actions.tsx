import { Button, Group, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useCancel, useHold, useSend } from "./mutations";
import type { LetterOut } from "./queries";
import { mayHaveArrived, titleOf } from "./wording";

/** Send now, hold, cancel, send again: what this letter allows. */
export function LetterActions({ letter }: { letter: LetterOut }) {
  const send = useSend();
  const hold = useHold();
  const cancel = useCancel();
  const [asking, setAsking] = useState(false);
  const path = { letter_id: letter.id };
  const body = { version: letter.version };
  const may = new Set(letter.allowed);
  const again = may.has("resend");
  const title = titleOf(letter);
  const go = (may_arrive_twice = false) => {
    setAsking(false);
    send.mutate({ path, body: { ...body, may_arrive_twice } });
  };
  return (
    <>
      {(may.has("send") || again) && (
        <Button
          size="compact-xs"
          variant={letter.state === "not_sent" || letter.state === "canceled" ? "default" : "filled"}
          loading={send.isPending}
          aria-label={`${again ? "Send again" : "Send now"}: ${title}`}
          onClick={() => (mayHaveArrived(letter) ? setAsking(true) : go())}
        >
          {again ? "Send again" : "Send now"}
        </Button>
      )}
      {may.has("hold") && (
        <Button
          size="compact-xs"
          variant="default"
          loading={hold.isPending}
          aria-label={`Hold: ${title}`}
          onClick={() => hold.mutate({ path, body })}
        >
          Hold
        </Button>
      )}
      {may.has("cancel") && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          c="gray.8"
          loading={cancel.isPending}
          aria-label={`Do not send: ${title}`}
          onClick={() => cancel.mutate({ path, body })}
        >
          Do not send
        </Button>
      )}
      <Modal opened={asking} onClose={() => setAsking(false)} title="It may have arrived" centered>
        <Text size="sm" mb="md">
          Part of this letter may have reached {letter.referrer.name}. Ask the office first; a letter that
          arrives twice is a nuisance, to a wrong machine a breach.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
            Do not send
          </Button>
          <Button onClick={() => go(true)}>Send it all the same</Button>
        </Group>
      </Modal>
    </>
  );
}
