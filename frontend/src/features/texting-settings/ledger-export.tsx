import { Button, Group, Text, TextInput, Title } from "@mantine/core";
import { Download } from "lucide-react";
import { useState } from "react";
import classes from "./texting-settings.module.css";

/** The whole consent ledger as a file, for an audit or a lawyer. */
export function LedgerExport() {
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const wanted = new URLSearchParams();
  if (from) wanted.set("from", from);
  if (to) wanted.set("to", to);
  const query = wanted.toString();
  const backwards = from !== "" && to !== "" && to < from;
  return (
    <section className={classes.card} aria-labelledby="ledger">
      <Title order={2} size="h5" id="ledger">
        Consent ledger
      </Title>
      <Text size="sm" c="dimmed" mt={2} mb="sm">
        Every yes, question and STOP of every number, with how we know. Nothing in it can be changed. The
        download is on record.
      </Text>
      <Group align="flex-end" gap="sm">
        <TextInput
          type="date"
          label="From"
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label="To"
          value={to}
          error={backwards ? "Before the first day" : undefined}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button
          component="a"
          href={`/api/v1/settings/consents.csv${query ? `?${query}` : ""}`}
          download
          variant="default"
          leftSection={<Download size={16} />}
          data-disabled={backwards || undefined}
          onClick={(event) => backwards && event.preventDefault()}
        >
          Download (CSV)
        </Button>
      </Group>
    </section>
  );
}
