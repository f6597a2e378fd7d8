import { Badge, Text } from "@mantine/core";
import { day, phone, words } from "../../shared/lib/format";
import { ReferrerLink } from "../referrers";
import { useMay } from "../session";
import classes from "./leads.module.css";
import type { OrderOut } from "./queries";
import { Fact, Section } from "./section";

/** What the referring provider ordered. */
export function LeadOrders({ orders }: { orders: OrderOut[] }) {
  if (orders.length === 0) {
    return (
      <Section title="Referral order">
        <Text size="sm" c="dimmed">
          No order yet. Ask the referring office to fax it.
        </Text>
      </Section>
    );
  }
  return (
    <Section title={orders.length > 1 ? "Referral orders" : "Referral order"}>
      {orders.map((order) => (
        <dl key={order.id} className={classes.facts}>
          <Fact label="Referred by">{order.referrer && <Referrer referrer={order.referrer} />}</Fact>
          <Fact label="Office">
            {order.referrer &&
              [
                order.referrer.phone && `phone ${phone(order.referrer.phone)}`,
                order.referrer.fax && `fax ${phone(order.referrer.fax)}`,
              ]
                .filter(Boolean)
                .join(" · ")}
          </Fact>
          <Fact label="Ordered">
            {order.referral_date && (
              <>
                {day(order.referral_date)}{" "}
                {order.signed === false && (
                  <Badge size="xs" color="orange">
                    not signed
                  </Badge>
                )}
              </>
            )}
          </Fact>
          <Fact label="Diagnosis">{order.diagnosis_text}</Fact>
          <Fact label="ICD-10">{order.icd10_codes.join(", ")}</Fact>
          <Fact label="Body part">{[order.side, order.body_part].filter(Boolean).join(" ")}</Fact>
          <Fact label="Order">
            {[
              order.discipline,
              order.evaluate_and_treat ? "evaluate and treat" : null,
              order.frequency_per_week ? `${order.frequency_per_week}× a week` : null,
              order.duration_weeks ? `for ${order.duration_weeks} weeks` : null,
              order.visits_authorized ? `${order.visits_authorized} visits` : null,
            ]
              .filter(Boolean)
              .join(", ")}
          </Fact>
          <Fact label="Procedure">
            {[order.procedure, order.surgery_date && day(order.surgery_date)].filter(Boolean).join(", ")}
          </Fact>
          <Fact label="Precautions">{order.precautions}</Fact>
          <Fact label="Weight bearing">{order.weight_bearing}</Fact>
          <Fact label="Urgency">{order.urgency && words(order.urgency)}</Fact>
          <Fact label="Authorization">{order.authorization_number}</Fact>
          <Fact label="Notes">{order.notes}</Fact>
        </dl>
      ))}
    </Section>
  );
}

/** Their name leads to their page, for those who may see it. */
function Referrer({ referrer }: { referrer: NonNullable<OrderOut["referrer"]> }) {
  const name = [referrer.name, referrer.credential].filter(Boolean).join(", ");
  return (
    <>
      {useMay("referrers:read") ? <ReferrerLink id={referrer.id}>{name}</ReferrerLink> : name}
      {referrer.practice_name && referrer.practice_name !== referrer.name && `, ${referrer.practice_name}`}
    </>
  );
}
