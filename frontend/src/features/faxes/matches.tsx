import { Radio, Stack, Text } from "@mantine/core";
import { day } from "../../shared/lib/format";
import { type FaxMatchOut, useFaxMatches } from "./queries";
import classes from "./review.module.css";

/** Who the referral is for: a new patient, or one we know. */
export type Target = { patientId: string | null; leadId: string | null };
export const NEW_PATIENT: Target = { patientId: null, leadId: null };

interface Props {
  faxId: string;
  segment: number;
  target: Target;
  onChange: (target: Target) => void;
}

const keyOf = (match: FaxMatchOut) => match.lead_id ?? match.patient_id;

/** Known patients who may be meant, with the reasons; nothing when nobody is. */
export function Matches({ faxId, segment, target, onChange }: Props) {
  const matches = useFaxMatches(faxId, segment, true).data?.items ?? [];
  if (matches.length === 0) return null;
  const choose = (key: string) => {
    const match = matches.find((found) => keyOf(found) === key);
    onChange(match ? { patientId: match.patient_id, leadId: match.lead_id } : NEW_PATIENT);
  };
  return (
    <section className={classes.matches} aria-label="Known patients">
      <h2>Is this someone you know?</h2>
      <Radio.Group value={target.leadId ?? target.patientId ?? "new"} onChange={choose} aria-label="Patient">
        <Stack gap={8}>
          {matches.map((match) => (
            <Radio
              key={keyOf(match)}
              value={keyOf(match)}
              label={
                <>
                  <Text size="sm" fw={600} component="span">
                    {match.display_name}
                  </Text>{" "}
                  <Text size="sm" c="dimmed" component="span">
                    {[day(match.dob), match.lead_id ? "open lead" : "no open lead"]
                      .filter(Boolean)
                      .join(", ")}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {match.reasons.join(" · ")}
                  </Text>
                </>
              }
            />
          ))}
          <Radio value="new" label={<Text size="sm">None of them: a new patient</Text>} />
        </Stack>
      </Radio.Group>
    </section>
  );
}
