import { Badge, Group, Stack, Text } from "@mantine/core";
import { phone } from "../../shared/lib/format";
import { LeadCalls } from "../calls";
import { LeadCare } from "../care";
import { LeadTexts } from "../conversations";
import { DuplicateBanner } from "../duplicates";
import { LeadEvaluation, LeadFollowUp } from "../follow-up";
import { LeadInsurance } from "../insurance";
import { LeadIntake } from "../intake-forms";
import { LeadLetters } from "../letters";
import { LeadOutcomes } from "../outcomes";
import { LeadLinks } from "../patient-links";
import { FirstVisit } from "../scheduling";
import { useMay } from "../session";
import { LeadOffers } from "../slot-offers";
import { LeadActions } from "./lead-actions";
import { LeadClock } from "./lead-clock";
import { LeadFaxes } from "./lead-faxes";
import { LeadOrders } from "./lead-orders";
import { LeadPatient } from "./lead-patient";
import { LeadTasks } from "./lead-tasks";
import { LeadTimeline } from "./lead-timeline";
import classes from "./leads.module.css";
import type { LeadOut } from "./queries";
import { Section } from "./section";

const GROUP_COLOR = { open: "blue", in_progress: "yellow", won: "teal", lost: "gray" };

/** What the drawer holds. */
export default function LeadView({ lead, onClose }: { lead: LeadOut; onClose: () => void }) {
  const { patient } = lead;
  const texts = useMay("messages:read");
  const insurance = useMay("coverage:read");
  const intake = useMay("intake:read");
  const schedule = useMay("schedule:read");
  const letters = useMay("letters:read");
  const care = useMay("care:read");
  const name = [patient.first_name, patient.middle_name, patient.last_name, patient.suffix]
    .filter(Boolean)
    .join(" ");
  return (
    <div className={classes.drawer}>
      <div className={classes.head}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2}>
            <h2 className={classes.title}>{name}</h2>
            <Group gap={8}>
              <Badge color={GROUP_COLOR[lead.group]} variant="light">
                {lead.stage_name}
              </Badge>
              {lead.urgency !== "routine" && (
                <Badge color={lead.urgency === "stat" ? "red.9" : "#c2410c"}>{lead.urgency}</Badge>
              )}
              {patient.phone && (
                <Text component="a" href={`tel:${patient.phone}`} size="sm" className={classes.phone}>
                  {phone(patient.phone)}
                </Text>
              )}
              {lead.location_name && (
                <Text size="sm" c="dimmed">
                  {lead.location_name}
                </Text>
              )}
            </Group>
          </Stack>
          <button type="button" className={classes.close} onClick={onClose} aria-label="Close">
            ×
          </button>
        </Group>
        {lead.story && <p className={classes.story}>{lead.story}</p>}
        <LeadClock clocks={lead.clocks} />
        {lead.lost_reason && (
          <Text size="sm" c="red.8">
            Lost: {lead.lost_reason}
          </Text>
        )}
      </div>
      <DuplicateBanner lead={lead} />
      {!lead.merged_into && <LeadActions lead={lead} />}
      <LeadTasks lead={lead} />
      <Section title="First visit">
        {schedule ? (
          <FirstVisit lead={lead} elsewhere={<LeadEvaluation lead={lead} />} />
        ) : (
          <LeadEvaluation lead={lead} />
        )}
      </Section>
      {care && lead.evaluation_state === "attended" && (
        <Section title="Care">
          <LeadCare lead={lead} />
        </Section>
      )}
      {care && lead.evaluation_state === "attended" && (
        <Section title="Outcome measures">
          <LeadOutcomes leadId={lead.id} />
        </Section>
      )}
      {texts && (
        <Section title="Texts">
          {schedule && <LeadOffers lead={lead} />}
          <LeadTexts leadId={lead.id} phone={patient.phone} />
        </Section>
      )}
      <LeadPatient lead={lead} coverages={!insurance} />
      {insurance && (
        <Section title="Insurance">
          <LeadInsurance lead={lead} />
        </Section>
      )}
      {intake && (
        <Section title="Intake form">
          <LeadIntake lead={lead} />
        </Section>
      )}
      {texts && (
        <Section title="Links to the patient’s pages">
          <LeadLinks leadId={lead.id} />
        </Section>
      )}
      <LeadOrders orders={lead.orders} />
      {letters && (
        <Section title="Letters to the referrer">
          <LeadLetters leadId={lead.id} />
        </Section>
      )}
      <LeadFaxes leadId={lead.id} />
      <Section title="Follow-up">
        <LeadFollowUp lead={lead} />
      </Section>
      <LeadCalls leadId={lead.id}>{(list) => <Section title="Calls">{list}</Section>}</LeadCalls>
      <LeadTimeline lead={lead} />
    </div>
  );
}
