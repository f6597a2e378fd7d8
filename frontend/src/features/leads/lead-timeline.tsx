import { Button, Group, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { moment } from "../../shared/lib/format";
import { useMay } from "../session";
import classes from "./leads.module.css";
import { useAddNote } from "./mutations";
import { type LeadOut, useTimeline } from "./queries";
import { Section } from "./section";

/** What happened, newest first, and a place for notes. */
export function LeadTimeline({ lead }: { lead: LeadOut }) {
  const timeline = useTimeline(lead.id);
  const items = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  const may = useMay("leads:write");
  return (
    <Section title="Timeline">
      {may && <NoteForm leadId={lead.id} />}
      <ol className={classes.timeline}>
        {items.map((item) => (
          <li key={item.id}>
            <Text size="sm" fw={550}>
              {item.title}
            </Text>
            {item.detail && (
              <Text size="sm" className={classes.detail}>
                {item.detail}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {moment(item.at)} · {item.actor}
            </Text>
          </li>
        ))}
      </ol>
      {timeline.hasNextPage && (
        <Button size="xs" variant="subtle" onClick={() => timeline.fetchNextPage()}>
          Show earlier
        </Button>
      )}
    </Section>
  );
}

function NoteForm({ leadId }: { leadId: string }) {
  const [text, setText] = useState("");
  const add = useAddNote();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    add.mutate({ path: { lead_id: leadId }, body: { text } }, { onSuccess: () => setText("") });
  };
  return (
    <form onSubmit={submit}>
      <Group gap={6} align="flex-end" mb="sm" wrap="nowrap">
        <Textarea
          flex={1}
          size="xs"
          aria-label="Note"
          placeholder="Add a note"
          autosize
          minRows={1}
          maxRows={6}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button size="xs" type="submit" variant="default" disabled={!text.trim()} loading={add.isPending}>
          Add
        </Button>
      </Group>
    </form>
  );
}
