import { Button, Group, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf as failureOf } from "../../api/problem";
import { words } from "../../shared/lib/format";
import { useClinicians } from "../scheduling";
import classes from "./care.module.css";
import { useChangeEpisode } from "./mutations";
import type { EpisodeOut } from "./queries";

const REGIONS = [
  "cervical spine",
  "thoracic spine",
  "lumbar spine",
  "sacroiliac",
  "shoulder",
  "elbow",
  "wrist",
  "hand",
  "hip",
  "knee",
  "ankle",
  "foot",
  "jaw",
  "pelvic floor",
  "vestibular",
  "gait",
  "other",
] as const;
const SIDES = ["left", "right", "bilateral"];
const asOptions = (values: readonly string[]) => values.map((value) => ({ value, label: words(value) }));

/** Correct what the episode knows of the problem, and whether a signed order is on file. */
export function EpisodeFacts({ episode, onDone }: { episode: EpisodeOut; onDone: () => void }) {
  const change = useChangeEpisode();
  const clinicians = useClinicians();
  const [values, setValues] = useState({
    body_region: episode.body_region,
    side: episode.side as string | null,
    procedure: episode.procedure ?? "",
    surgery_date: episode.surgery_date ?? "",
    order_signed_on: episode.order_signed_on ?? "",
    clinician_id: episode.clinician_id,
    started_on: episode.started_on,
  });
  const set = (some: Partial<typeof values>) => setValues({ ...values, ...some });
  const errors = new Map(
    change.isError ? failureOf(change.error).errors.map((found) => [found.pointer, found.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      version: episode.version,
      body_region: values.body_region as (typeof REGIONS)[number] | null,
      side: values.side as EpisodeOut["side"],
      procedure: values.procedure.trim() || null,
      surgery_date: values.surgery_date || null,
      order_signed_on: values.order_signed_on || null,
      clinician_id: values.clinician_id,
      started_on: values.started_on,
    };
    change.mutate({ path: { episode_id: episode.id }, body }, { onSuccess: onDone });
  };
  return (
    <form className={classes.inner} onSubmit={submit} aria-label="Facts of the episode">
      <div className={classes.fields}>
        <Select
          size="xs"
          label="Body region"
          searchable
          clearable
          data={asOptions(REGIONS)}
          value={values.body_region}
          onChange={(body_region) => set({ body_region })}
        />
        <Select
          size="xs"
          label="Side"
          clearable
          data={asOptions(SIDES)}
          value={values.side}
          onChange={(side) => set({ side })}
        />
        <TextInput
          size="xs"
          label="Procedure"
          maxLength={300}
          value={values.procedure}
          onChange={(event) => set({ procedure: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          type="date"
          label="Surgery"
          value={values.surgery_date}
          onChange={(event) => set({ surgery_date: event.currentTarget.value })}
        />
        <Select
          size="xs"
          label="Clinician"
          clearable
          data={clinicians.data?.items.map((one) => ({ value: one.id, label: one.name })) ?? []}
          value={values.clinician_id}
          onChange={(clinician_id) => set({ clinician_id })}
        />
        <TextInput
          size="xs"
          type="date"
          label="Evaluation"
          required
          value={values.started_on}
          error={errors.get("/started_on")}
          onChange={(event) => set({ started_on: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          type="date"
          label="Signed order on file, dated"
          description="Without one the plan must be signed"
          value={values.order_signed_on}
          onChange={(event) => set({ order_signed_on: event.currentTarget.value })}
        />
      </div>
      <Group justify="flex-end" gap="xs" mt="sm">
        <Button size="compact-sm" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button size="compact-sm" type="submit" loading={change.isPending}>
          Save
        </Button>
      </Group>
    </form>
  );
}
