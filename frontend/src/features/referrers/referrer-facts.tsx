import { Anchor, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ago, day, moment, phone } from "../../shared/lib/format";
import { useMay } from "../session";
import type { ReferrerProfile } from "./queries";
import classes from "./referrer.module.css";
import { ReferrerLinks } from "./referrer-links";
import { Sparkline } from "./sparkline";
import { HEAR_BY, HEAR_OF, trend } from "./wording";

/** Who they are, what they sent, how they want to hear back. */
export function ReferrerFacts({ referrer }: { referrer: ReferrerProfile }) {
  const links = useMay("letters:read");
  const office = referrer.office;
  const everything = referrer.hear_of.length === Object.keys(HEAR_OF).length;
  return (
    <div className={classes.side}>
      <section className={classes.card} aria-label="Referrals">
        <div className={classes.figures}>
          <span className={classes.figure}>{referrer.referrals_90}</span>
          <Sparkline values={referrer.by_month} />
        </div>
        <Text size="sm">in the last 90 days, {trend(referrer.referrals_90, referrer.referrals_before)}</Text>
        <Text size="sm" c="dimmed">
          {referrer.referrals_total} in all
          {referrer.last_referral_at && (
            <span title={moment(referrer.last_referral_at)}>, the last {ago(referrer.last_referral_at)}</span>
          )}
        </Text>
        {referrer.status_override && (
          <Text size="sm" mt={6}>
            Status set by {referrer.status_by}: {referrer.status_reason}
          </Text>
        )}
      </section>
      <section className={classes.card} aria-label="Contact">
        <dl className={classes.facts}>
          <Fact label="Office">
            {office ? (
              <Anchor
                inherit
                renderRoot={(props) => (
                  <Link to="/offices/$officeId" params={{ officeId: office.id }} {...props} />
                )}
              >
                {office.name}
              </Anchor>
            ) : (
              referrer.practice_name
            )}
          </Fact>
          <Fact label="Specialty">{referrer.specialty}</Fact>
          <Fact label="NPI">{referrer.npi}</Fact>
          <Fact label="Phone">{phone(referrer.phone ?? office?.phone)}</Fact>
          <Fact label="Fax">{phone(referrer.fax ?? office?.fax)}</Fact>
          <Fact label="E-mail">{referrer.email ?? office?.email}</Fact>
          <Fact label="Address">{referrer.address ?? office?.address}</Fact>
          <Fact label="Last visit">{day(referrer.last_visit_on)}</Fact>
          <Fact label="Next visit">{day(referrer.next_visit_on)}</Fact>
        </dl>
      </section>
      <section className={classes.card} aria-label="How they hear back">
        <h2 className={classes.title}>Hears back by</h2>
        <Text size="sm" fw={600}>
          {HEAR_BY[referrer.hear_by]}
          {office?.hear_by && !referrer.hear_own && ", as their office wants it"}
        </Text>
        {referrer.hear_by !== "none" && (
          <Text size="sm" c="dimmed">
            {everything
              ? "of everything"
              : referrer.hear_of.map((kind) => HEAR_OF[kind]).join(", ") || "of nothing"}
          </Text>
        )}
      </section>
      {links && !referrer.merged_into && <ReferrerLinks referrer={referrer} />}
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
