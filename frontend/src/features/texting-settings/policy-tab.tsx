import { Alert, Button, Group, NumberInput, Select, Stack, Switch, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { VisitTextsCard } from "../slot-offers";
import { AgreementDialog } from "./agreement-dialog";
import { FirstTextChoice } from "./first-text-choice";
import { LastChange } from "./last-change";
import { LedgerExport } from "./ledger-export";
import { useUpdatePolicy } from "./mutations";
import { halfHours, type PolicyWords, policySentence } from "./policy-sentence";
import { type PolicyOut, usePolicy } from "./queries";
import classes from "./texting-settings.module.css";

/** Whom we text first, when and how often. */
export function PolicyTab() {
  const policy = usePolicy();
  const audit = useMay("audit:read");
  if (policy.isPending) return <Loading label="Loading the texting policy" />;
  if (policy.isError) return <Failed error={policy.error} retry={() => policy.refetch()} />;
  return (
    <Stack gap="md" maw={760}>
      <PolicyForm key={policy.data.version} policy={policy.data} />
      <div className={classes.card}>
        <VisitTextsCard />
      </div>
      {audit && <LedgerExport />}
    </Stack>
  );
}

const hours = (time: string) => time.slice(0, 5);

function PolicyForm({ policy }: { policy: PolicyOut }) {
  const may = useMay("settings:write");
  const update = useUpdatePolicy();
  const [agreeing, setAgreeing] = useState(false);
  const saved: PolicyWords = {
    first_text: policy.first_text,
    opens: hours(policy.opens),
    closes: hours(policy.closes),
    sundays: policy.sundays,
    per_day: policy.per_day,
    per_week: policy.per_week,
  };
  const [draft, setDraft] = useState(saved);
  const set = (changes: Partial<PolicyWords>) => setDraft((before) => ({ ...before, ...changes }));
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  const backwards = draft.opens >= draft.closes;
  const agreement = policy.choices.find((choice) => choice.first_text === draft.first_text)?.agreement;
  const mustAgree = Boolean(agreement) && draft.first_text !== saved.first_text;
  const save = (agreedTo?: string) =>
    update.mutate(
      { body: { ...draft, agreed_to: agreedTo, version: policy.version } },
      { onSettled: () => setAgreeing(false) },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mustAgree) setAgreeing(true);
    else save();
  };
  return (
    <form onSubmit={submit} className={classes.card} aria-label="Texting policy">
      <FirstTextChoice
        choices={policy.choices}
        value={draft.first_text}
        disabled={!may}
        onChange={(first_text) => set({ first_text })}
      />
      <Group mt="md" gap="md" align="flex-start">
        <Select
          label="Earliest"
          w={140}
          allowDeselect={false}
          data={halfHours(8, 20)}
          value={draft.opens}
          disabled={!may}
          onChange={(opens) => opens && set({ opens })}
        />
        <Select
          label="Latest"
          w={140}
          allowDeselect={false}
          data={halfHours(9, 21)}
          value={draft.closes}
          disabled={!may}
          error={backwards ? "Must be later" : undefined}
          onChange={(closes) => closes && set({ closes })}
        />
        <NumberInput
          label="Unasked texts a day"
          w={190}
          min={1}
          max={20}
          clampBehavior="strict"
          allowDecimal={false}
          value={draft.per_day}
          disabled={!may}
          onChange={(value) => typeof value === "number" && set({ per_day: value })}
        />
        <NumberInput
          label="Unasked texts a week"
          w={190}
          min={1}
          max={50}
          clampBehavior="strict"
          allowDecimal={false}
          value={draft.per_week}
          disabled={!may}
          onChange={(value) => typeof value === "number" && set({ per_week: value })}
        />
      </Group>
      <Switch
        mt="sm"
        label="Text on Sundays"
        checked={draft.sundays}
        disabled={!may}
        onChange={(event) => set({ sundays: event.currentTarget.checked })}
      />
      <Text size="xs" c="dimmed" mt="xs">
        The law forbids texts before 8 AM and after 9 PM where the patient is; those hours hold in any case.
        The law also knows one text a day and three a week for texts without consent.
      </Text>
      <Alert mt="md" color="desk" variant="light" title="So this is what happens" aria-live="polite">
        {policySentence(draft)}
      </Alert>
      {update.isError && problemOf(update.error).type === "stale-version" && (
        <Alert mt="sm" color="orange" title="Someone changed the policy meanwhile">
          You see it as it is now. Make your change again.
        </Alert>
      )}
      {may && (
        <Group mt="md" gap="xs">
          <Button type="submit" loading={update.isPending} disabled={!changed || backwards}>
            {mustAgree ? "Save …" : "Save"}
          </Button>
          {changed && (
            <Button variant="default" onClick={() => setDraft(saved)}>
              Discard changes
            </Button>
          )}
        </Group>
      )}
      <LastChange policy={policy} />
      {agreement && (
        <AgreementDialog
          opened={agreeing}
          text={agreement.text}
          pending={update.isPending}
          onCancel={() => setAgreeing(false)}
          onAgreed={() => save(agreement.id)}
        />
      )}
    </form>
  );
}
