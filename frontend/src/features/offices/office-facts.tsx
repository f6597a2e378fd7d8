import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { phone } from "../../shared/lib/format";
import { HEAR_BY, HEAR_OF } from "../referrers";
import classes from "./offices.module.css";
import type { OfficeProfile } from "./queries";

/** Where the office is, and how its people want to hear back. */
export function OfficeFacts({ office }: { office: OfficeProfile }) {
  const of = office.hear_of;
  const everything = !of || of.length === Object.keys(HEAR_OF).length;
  return (
    <div className={classes.side}>
      <section className={classes.card} aria-label="Contact">
        <dl className={classes.facts}>
          <Fact label="NPI">{office.npi}</Fact>
          <Fact label="Phone">{phone(office.phone)}</Fact>
          <Fact label="Fax">{phone(office.fax)}</Fact>
          <Fact label="E-mail">{office.email}</Fact>
          <Fact label="Address">{office.address}</Fact>
        </dl>
        {![office.npi, office.phone, office.fax, office.email, office.address].some(Boolean) && (
          <Text size="sm" c="dimmed">
            Only its name is known.
          </Text>
        )}
      </section>
      <section className={classes.card} aria-label="How its people hear back">
        <h2 className={classes.title}>Hears back by</h2>
        <Text size="sm" fw={600}>
          {office.hear_by ? HEAR_BY[office.hear_by] : "Fax, as usual"}
        </Text>
        {office.hear_by !== "none" && (
          <Text size="sm" c="dimmed">
            {everything ? "of everything" : of.map((kind) => HEAR_OF[kind]).join(", ") || "of nothing"}
          </Text>
        )}
        <Text size="xs" c="dimmed" mt={6}>
          For everybody here who has not said otherwise.
        </Text>
      </section>
    </div>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
