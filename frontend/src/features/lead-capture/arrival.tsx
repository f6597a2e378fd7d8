import { Button, Group, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { moment, phone, words } from "../../shared/lib/format";
import { useMay } from "../session";
import classes from "./lead-capture.module.css";
import { useAcceptArrival, useDiscardArrival } from "./mutations";
import type { ArrivalOut } from "./queries";

const said = (arrival: ArrivalOut, name: string): string => {
  const value = arrival.facts[name];
  return typeof value === "string" ? value : "";
};

const SHOWN = ["dob", "reason", "payer_name", "referred_by", "preferred_times"];

/** One message, why it was held, and the two things to do about it. */
export function Arrival({ arrival }: { arrival: ArrivalOut }) {
  const may = useMay("leads:write");
  const name = [said(arrival, "first_name"), said(arrival, "last_name")].filter(Boolean).join(" ");
  const facts = SHOWN.filter((each) => said(arrival, each)).map(
    (each) => `${words(each)}: ${said(arrival, each)}`,
  );
  return (
    <li className={classes.item} aria-label={name || "Nobody named"}>
      <p className={classes.name}>{name || "No name given"}</p>
      <p className={classes.meta}>
        {[phone(said(arrival, "phone")), said(arrival, "email"), ...facts].filter(Boolean).join(" · ")}
      </p>
      <p className={classes.meta}>
        {words(arrival.channel)}, {moment(arrival.received_at)}
        {arrival.origin && `, from ${arrival.origin}`}
        {arrival.decided_by && `, decided by ${arrival.decided_by}`}
      </p>
      {arrival.message && <p className={classes.message}>{arrival.message}</p>}
      {arrival.reasons.length > 0 && (
        <ul className={classes.reasons} aria-label="Why it was held">
          {arrival.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      {arrival.lead_id ? (
        <Link to="/board" search={{ lead: arrival.lead_id }} className={classes.meta}>
          Show the lead
        </Link>
      ) : (
        may && <Decide arrival={arrival} />
      )}
    </li>
  );
}

function Decide({ arrival }: { arrival: ArrivalOut }) {
  const accept = useAcceptArrival();
  const discard = useDiscardArrival();
  const [who, setWho] = useState({
    first_name: said(arrival, "first_name"),
    last_name: said(arrival, "last_name"),
    phone: said(arrival, "phone"),
  });
  const path = { arrival_id: arrival.id };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(Object.entries(who).filter(([, value]) => value.trim()));
    accept.mutate({ path, body: { version: arrival.version, ...given } });
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" mt="sm" align="flex-end">
        <TextInput
          size="xs"
          label="First name"
          required
          value={who.first_name}
          onChange={(event) => setWho({ ...who, first_name: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label="Last name"
          required
          value={who.last_name}
          onChange={(event) => setWho({ ...who, last_name: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label="Phone"
          type="tel"
          value={who.phone}
          onChange={(event) => setWho({ ...who, phone: event.currentTarget.value })}
        />
        <Button size="xs" type="submit" loading={accept.isPending}>
          Open a lead
        </Button>
        {arrival.state === "held" && (
          <Button
            size="xs"
            variant="default"
            loading={discard.isPending}
            onClick={() => discard.mutate({ path, body: { version: arrival.version } })}
          >
            Discard
          </Button>
        )}
      </Group>
    </form>
  );
}
