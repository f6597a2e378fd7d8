import { Button, Checkbox, Group, Text, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { phone } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import classes from "./letters.module.css";
import { useAsk } from "./mutations";
import { type MissingInfoIn, type MissingInfoOut, useMissingInfo } from "./queries";

const CANNOT: Record<string, string> = {
  no_referrer: "No order of this lead names who referred.",
  no_fax_number: "This referrer has no fax number yet.",
  no_email: "This referrer has no e-mail address yet.",
  no_fax_line: "The practice has no fax line to send with. Add one in the settings.",
  prefers_none: "This referrer wishes not to be written to. Call them instead.",
  prefers_portal: "This referrer looks in the portal and is not written to. Call them instead.",
};

/** Ask the referrer for exactly what is missing: what the order lacks is chosen already. */
export function MissingInfo({ leadId, onDone }: { leadId: string; onDone: () => void }) {
  const missing = useMissingInfo(leadId, true);
  if (missing.isPending) return <Loading label="Looking what is missing" />;
  if (missing.isError) return <Failed error={missing.error} retry={() => missing.refetch()} />;
  if (missing.data.cannot)
    return (
      <div className={classes.ask} role="status">
        <Text size="sm">{CANNOT[missing.data.cannot] ?? "This referrer cannot be written to."}</Text>
        <Button size="compact-xs" variant="subtle" mt={6} onClick={onDone}>
          Close
        </Button>
      </div>
    );
  return <Form leadId={leadId} missing={missing.data} onDone={onDone} />;
}

type Asks = MissingInfoIn["asks"];

function Form({ leadId, missing, onDone }: { leadId: string; missing: MissingInfoOut; onDone: () => void }) {
  const ask = useAsk();
  const [key] = useState(() => crypto.randomUUID());
  const [note, setNote] = useState("");
  const [chosen, setChosen] = useState<Asks>(missing.asks.filter((one) => one.missing).map((one) => one.key));
  const full = chosen.filter((one) => one !== "signature").length >= missing.most;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate(
      {
        path: { lead_id: leadId },
        headers: { "idempotency-key": key },
        body: { asks: chosen, note: note.trim() || null },
      },
      { onSuccess: onDone },
    );
  };
  return (
    <form className={classes.ask} onSubmit={submit}>
      <fieldset className={classes.asks}>
        <legend>What is missing?</legend>
        {missing.asks.map((one) => (
          <Checkbox
            key={one.key}
            size="sm"
            label={one.label}
            checked={chosen.includes(one.key)}
            disabled={full && one.key !== "signature" && !chosen.includes(one.key)}
            onChange={(event) =>
              setChosen(
                event.currentTarget.checked
                  ? [...chosen, one.key]
                  : chosen.filter((other) => other !== one.key),
              )
            }
          />
        ))}
      </fieldset>
      <Textarea
        mt="sm"
        size="sm"
        label="A line of your own (optional)"
        maxLength={300}
        autosize
        minRows={1}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Text size="sm" c="dimmed" mt={6}>
        Goes to {missing.referrer?.name} by{" "}
        {missing.way === "fax" ? `fax, ${phone(missing.address)}` : `e-mail, ${missing.address}`}. The page
        that comes back finds this lead by itself.
      </Text>
      <Group gap={8} mt="sm">
        <Button type="submit" size="xs" disabled={chosen.length === 0} loading={ask.isPending}>
          {missing.way === "fax" ? "Fax the request" : "Send the request"}
        </Button>
        <Button size="xs" variant="subtle" onClick={onDone}>
          Cancel
        </Button>
        {full && (
          <Text size="sm" c="dimmed">
            {missing.most} questions fit one page.
          </Text>
        )}
      </Group>
    </form>
  );
}
