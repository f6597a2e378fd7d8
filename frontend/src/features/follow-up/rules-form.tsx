import { Alert, Button, Group, NumberInput, Select, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./follow-up.module.css";
import { useUpdateRules } from "./mutations";
import { type FollowupRulesIn, type FollowupRulesOut, useRules, useStages } from "./queries";
import { WindowFields } from "./window-fields";

/** Rules around the sequences: evaluations, silence, how many texts an hour. */
export function RulesForm() {
  const rules = useRules();
  if (rules.isPending) return <Loading label="Loading rules" />;
  if (rules.isError) return <Failed error={rules.error} retry={() => rules.refetch()} />;
  return <Form key={rules.data.version} rules={rules.data} />;
}

function Form({ rules }: { rules: FollowupRulesOut }) {
  const { waiting, ...given } = rules;
  const [values, setValues] = useState<FollowupRulesIn>(given);
  const update = useUpdateRules();
  const may = useMay("settings:write");
  const set = (change: Partial<FollowupRulesIn>) => setValues({ ...values, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ body: values });
  };
  const part = { values, set, disabled: !may };
  return (
    <form onSubmit={submit} aria-label="Rules of follow-up">
      <section className={classes.card}>
        <Title order={2} size="h4" mb="sm">
          Evaluations
        </Title>
        <Evaluations {...part} />
      </section>
      <section className={classes.card}>
        <Title order={2} size="h4" mb="sm">
          Silence
        </Title>
        <Silence {...part} />
      </section>
      <section className={classes.card}>
        <Title order={2} size="h4" mb="sm">
          Automatic texts
        </Title>
        {waiting > 0 && (
          <Alert color="yellow" mb="sm">
            {waiting === 1 ? "1 text waits for its turn" : `${waiting} texts wait for their turn`} now. Each
            lead shows its time.
          </Alert>
        )}
        <NumberInput
          label="At most so many an hour and clinic"
          description="So that replies do not swamp the desk. Empty: no limit. 0: none."
          maw={300}
          min={0}
          max={1000}
          allowDecimal={false}
          disabled={!may}
          value={values.texts_per_hour ?? ""}
          onChange={(value) => set({ texts_per_hour: value === "" ? null : Number(value) })}
        />
        <WindowFields
          windows={values.text_windows ?? []}
          disabled={!may}
          onChange={(text_windows) => set({ text_windows })}
        />
      </section>
      {may && (
        <Group justify="flex-end">
          <Button type="submit" loading={update.isPending}>
            Save rules
          </Button>
        </Group>
      )}
    </form>
  );
}

interface Part {
  values: FollowupRulesIn;
  set: (change: Partial<FollowupRulesIn>) => void;
  disabled: boolean;
}
type Days = "scheduling_window_days" | "missed_after_days" | "inactivity_days" | "lost_after_days";

function DaysInput({ part, name, label, min = 1 }: { part: Part; name: Days; label: string; min?: number }) {
  return (
    <NumberInput
      label={label}
      suffix={part.values[name] === 1 ? " day" : " days"}
      min={min}
      max={name === "missed_after_days" ? 60 : 365}
      clampBehavior="strict"
      allowDecimal={false}
      required
      disabled={part.disabled}
      value={part.values[name]}
      onChange={(value) => part.set({ [name]: Number(value) || min })}
    />
  );
}

type StageRule = "scheduled_stage" | "missed_stage" | "attended_stage";

function StageInput({
  part,
  name,
  label,
  groups,
}: {
  part: Part;
  name: StageRule;
  label: string;
  groups: string[];
}) {
  const stages = useStages();
  const columns = (stages.data?.columns ?? []).filter((column) => groups.includes(column.group));
  return (
    <Select
      label={label}
      allowDeselect={false}
      disabled={part.disabled}
      data={columns.map((column) => ({ value: column.stage, label: column.name }))}
      value={part.values[name]}
      onChange={(stage) => stage && part.set({ [name]: stage })}
    />
  );
}

function Evaluations(part: Part) {
  return (
    <div className={classes.rules}>
      <StageInput part={part} name="scheduled_stage" label="Booked: move to" groups={["in_progress"]} />
      <DaysInput part={part} name="scheduling_window_days" label="… when booked within" />
      <DaysInput part={part} name="missed_after_days" label="Nobody came: missed after" min={0} />
      <StageInput
        part={part}
        name="missed_stage"
        label="Missed or canceled: move to"
        groups={["open", "in_progress"]}
      />
      <StageInput
        part={part}
        name="attended_stage"
        label="Attended: move to"
        groups={["in_progress", "won"]}
      />
    </div>
  );
}

function Silence(part: Part) {
  return (
    <div className={classes.rules}>
      <DaysInput part={part} name="inactivity_days" label="Silent: last attempt after" />
      <DaysInput part={part} name="lost_after_days" label="Still nothing: lost after" />
      <TextInput
        label="Reason"
        required
        maxLength={120}
        disabled={part.disabled}
        value={part.values.lost_reason}
        onChange={(event) => part.set({ lost_reason: event.currentTarget.value })}
      />
    </div>
  );
}
