import { Badge, Button, Group, Text } from "@mantine/core";
import { moment, phone, words } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { type ConsentOut, useConsents } from "./queries";
import classes from "./texting-settings.module.css";

const STATUS = {
  granted: { label: "May be texted", color: "teal" },
  asked: { label: "Asked", color: "blue" },
  revoked: { label: "Do not text", color: "red" },
};
const SCOPE = {
  all: "all texts",
  care: "care",
  scheduling: "appointments",
  feedback: "reviews and surveys",
  marketing: "advertising",
};
const METHOD = {
  sms: "by text",
  verbal: "by word of mouth",
  form: "on a form",
  paper: "on paper",
  api: "by another program",
  given_number: "gave us the number",
};

const WROTE = "wrote to us";

/** What a number's consent rests on: the patient's own words in quotes, ours without. */
export function proof({ method, evidence }: { method: string; evidence: string | null }): string {
  if (!evidence) return "";
  return method === "given_number" || evidence === WROTE ? words(evidence) : `“${evidence}”`;
}

/** Every change of a number's consent with its evidence, newest first. Nothing in it can be changed. */
export function ConsentHistory(props: { conversationId: string } | { leadId: string }) {
  const consents = useConsents(props);
  if (consents.isPending) return <Loading label="Loading consent" />;
  if (consents.isError) return <Failed error={consents.error} retry={() => consents.refetch()} />;
  const rows = consents.data.pages.flatMap((page) => page.items);
  const number = consents.data.pages[0]?.phone;
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {number ? `Nobody has asked ${phone(number)} yet.` : "This patient has no phone number."}
      </Text>
    );
  }
  return (
    <>
      <ol className={classes.ledger} aria-label={`Consent of ${phone(number)}`}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ol>
      {consents.hasNextPage && (
        <Button
          size="xs"
          variant="default"
          loading={consents.isFetchingNextPage}
          onClick={() => consents.fetchNextPage()}
        >
          Show earlier
        </Button>
      )}
    </>
  );
}

function Row({ row }: { row: ConsentOut }) {
  const { label, color } = STATUS[row.status];
  return (
    <li>
      <Group gap={6}>
        <Badge size="sm" variant="light" color={color}>
          {label}
        </Badge>
        <Text size="sm">
          {SCOPE[row.scope]} · {METHOD[row.method]}
        </Text>
      </Group>
      {row.evidence && (
        <Text size="sm" className={classes.evidence}>
          {proof(row)}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {moment(row.at)} · {row.captured_by}
      </Text>
    </li>
  );
}
