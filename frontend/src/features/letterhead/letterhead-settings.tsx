import { Anchor, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { phone } from "../../shared/lib/format";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./letterhead.module.css";
import { LogoField } from "./logo-field";
import { useSetLetterhead } from "./mutations";
import { type LetterheadOut, sampleOf, useLetterhead } from "./queries";

const FIELDS = [
  ["name", "Name", 80, null],
  ["tagline", "A line below it", 90, null],
  ["website", "Website", 80, null],
  ["address", "Address", 160, "Where a letter is about no clinic, or the clinic has none"],
  ["phone", "Phone", 40, "As the address"],
] as const;
type Values = Record<(typeof FIELDS)[number][0], string>;

/** What stands at the head of letters, and of the pages of patients and referrers. */
export function LetterheadSettings() {
  const letterhead = useLetterhead();
  if (letterhead.isPending) return <Loading label="Loading the letterhead" />;
  if (letterhead.isError) return <Failed error={letterhead.error} retry={() => letterhead.refetch()} />;
  const saved = letterhead.data;
  return (
    <div className={classes.panel}>
      <Stack gap="lg">
        <div>
          <Title order={2} size="h4">
            Letterhead
          </Title>
          <Text size="sm" c="dimmed">
            At the head of letters to referrers and scorecards; name and logo also on the pages patients and
            referrers open.
          </Text>
        </div>
        <LogoField saved={saved} />
        <Facts key={factsKey(saved)} saved={saved} />
      </Stack>
      <section aria-labelledby="as-faxed">
        <Group justify="space-between" mb={6}>
          <Title order={3} size="h5" id="as-faxed">
            After a fax
          </Title>
          <Anchor size="sm" href={sampleOf(saved.version, false)} target="_blank" rel="noreferrer">
            On paper (PDF)
          </Anchor>
        </Group>
        <img
          className={classes.sample}
          src={sampleOf(saved.version, true)}
          alt="A sample letter as a fax machine prints it: the letterhead above, and below an invented letter"
        />
      </section>
    </div>
  );
}

/** A new logo must not throw away what is being typed. */
const factsKey = (saved: LetterheadOut) => FIELDS.map(([key]) => saved[key]).join("|");

function Facts({ saved }: { saved: LetterheadOut }) {
  const may = useMay("settings:write");
  const set = useSetLetterhead();
  const [values, setValues] = useState(
    () =>
      Object.fromEntries(
        FIELDS.map(([key]) => [key, key === "phone" ? phone(saved.phone) : (saved[key] ?? "")]),
      ) as Values,
  );
  const errors = new Map(
    set.isError ? problemOf(set.error).errors.map(({ pointer, detail }) => [pointer, detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(FIELDS.map(([key]) => [key, values[key].trim() || null]));
    set.mutate({ body: { version: saved.version, ...given } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={520}>
        {FIELDS.map(([key, label, most, description]) => (
          <TextInput
            key={key}
            label={label}
            description={description}
            disabled={!may}
            maxLength={most}
            placeholder={key === "name" ? saved.practice : undefined}
            error={
              errors.get(`/${key}`) &&
              (key === "phone" ? "A phone number with area code" : "Plain words only")
            }
            value={values[key]}
            onChange={(event) => setValues({ ...values, [key]: event.currentTarget.value })}
          />
        ))}
        {may && (
          <Group justify="flex-end">
            <Button type="submit" loading={set.isPending}>
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
