import { Checkbox, Select, SimpleGrid } from "@mantine/core";
import type { HearBy, HearOf } from "./queries";
import { HEAR_BY, HEAR_OF } from "./wording";

/** Nothing of their own: as the office, or the practice, has it. */
export const USUAL = "usual";
export type HearChoice = HearBy | typeof USUAL;

interface Props {
  /** What it means to choose nothing; null where one must choose. */
  usual: string | null;
  by: HearChoice;
  of: HearOf[];
  error?: string;
  onBy: (by: HearChoice) => void;
  onOf: (of: HearOf[]) => void;
}

/** How somebody wants to hear back, and of what. */
export function HearFields({ usual, by, of, error, onBy, onOf }: Props) {
  const ways = Object.entries(HEAR_BY).map(([value, label]) => ({ value, label }));
  return (
    <>
      <Select
        label="How they want to hear back"
        allowDeselect={false}
        data={usual === null ? ways : [{ value: USUAL, label: usual }, ...ways]}
        value={by}
        error={error}
        onChange={(value) => value && onBy(value as HearChoice)}
      />
      {by !== "none" && by !== USUAL && (
        <Checkbox.Group label="Of what" value={of} onChange={(kinds) => onOf(kinds as HearOf[])}>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} mt={6}>
            {Object.entries(HEAR_OF).map(([kind, label]) => (
              <Checkbox key={kind} value={kind} label={label} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      )}
    </>
  );
}
