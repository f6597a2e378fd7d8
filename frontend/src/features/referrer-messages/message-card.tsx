import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { moment } from "../../shared/lib/format";
import { ReferrerLink } from "../referrers";
import { useMay } from "../session";
import { AnswerForm } from "./answer-form";
import classes from "./messages.module.css";
import { useSettle } from "./mutations";
import type { DeskMessageOut } from "./queries";
import { told } from "./wording";

interface Props {
  message: DeskMessageOut;
  /** Whether to say who wrote, and about whom. */
  by: boolean;
  about: boolean;
}

/** What a referrer wrote, what was answered, and a place to answer. */
export function MessageCard({ message, by, about }: Props) {
  const may = useMay("letters:write");
  const settle = useSettle();
  const [answering, setAnswering] = useState(false);
  const waits = !message.settled_at;
  return (
    <li className={classes.card}>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" c="dimmed" component="div">
          {by && (
            <Text span fw={650} c="var(--fd-ink, #17212b)">
              <ReferrerLink id={message.referrer.id}>{message.referrer.name}</ReferrerLink>
            </Text>
          )}
          {by && ", "}
          {about && message.lead_id && (
            <>
              about{" "}
              <Anchor
                inherit
                underline="always"
                renderRoot={(props) => (
                  <Link to="/board" search={{ lead: message.lead_id ?? undefined }} {...props} />
                )}
              >
                {message.patient_name ?? "a patient"}
              </Anchor>
              ,{" "}
            </>
          )}
          {moment(message.at)}
        </Text>
        {waits && (
          <Badge variant="light" color="orange">
            Waits for an answer
          </Badge>
        )}
      </Group>
      <Text size="sm" className={classes.text}>
        {message.text}
      </Text>
      {message.answers.length > 0 && (
        <ul className={classes.answers} aria-label="Answers">
          {message.answers.map((answer) => (
            <li key={answer.id}>
              <Text size="sm" className={classes.text}>
                {answer.text}
              </Text>
              <Text size="xs" c="dimmed">
                {answer.by}, {moment(answer.at)}; {told(answer)}
              </Text>
            </li>
          ))}
        </ul>
      )}
      {message.settled_at && message.answers.length === 0 && (
        <Text size="xs" c="dimmed" mt={6}>
          {message.settled_by}: no answer needed.
        </Text>
      )}
      {may && answering && <AnswerForm messageId={message.id} onDone={() => setAnswering(false)} />}
      {may && !answering && (
        <Group gap="xs" mt={10}>
          <Button size="xs" variant={waits ? "filled" : "subtle"} onClick={() => setAnswering(true)}>
            {waits ? "Answer" : "Write again"}
          </Button>
          {waits && (
            <Button
              size="xs"
              variant="default"
              loading={settle.isPending}
              onClick={() => settle.mutate({ path: { message_id: message.id } })}
            >
              Needs no answer
            </Button>
          )}
        </Group>
      )}
    </li>
  );
}
