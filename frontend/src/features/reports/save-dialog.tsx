import { Button, Checkbox, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { type NewSaved, useSaveReport } from "./mutations";
import type { DefinitionOut } from "./queries";
import { type ReportsSearch, USUAL } from "./search";

export const SCHEDULES = [
  { value: "none", label: "When I ask" },
  { value: "daily", label: "Every day" },
  { value: "weekly", label: "Every Monday" },
  { value: "monthly", label: "On the first of the month" },
];

interface Props {
  metric: DefinitionOut;
  search: ReportsSearch;
  by: NewSaved["group_by"] | undefined;
  onClose: () => void;
}

/** Keep the question as it is now; with a schedule it is asked by itself. */
export function SaveDialog({ metric, search, by, onClose }: Props) {
  const [name, setName] = useState(metric.title);
  const [schedule, setSchedule] = useState("none");
  const [shared, setShared] = useState(false);
  const save = useSaveReport();
  const body: NewSaved = {
    name: name.trim(),
    metric: metric.key,
    period: search.period ?? USUAL,
    group_by: by ?? null,
    asked: {
      location_id: metric.dimensions.includes("location") ? search.location : undefined,
      source: metric.dimensions.includes("source") ? search.source : undefined,
      referrer_id: metric.dimensions.includes("referrer") ? search.referrer : undefined,
    },
    schedule: schedule as NewSaved["schedule"],
    shared,
  };
  return (
    <Modal opened onClose={onClose} title="Save this report" centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (body.name) save.mutate({ body }, { onSuccess: onClose });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Name"
            required
            maxLength={80}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Ask it"
            description="A result waits here under Saved; nothing is mailed."
            allowDeselect={false}
            data={SCHEDULES}
            value={schedule}
            onChange={(value) => setSchedule(value ?? "none")}
          />
          <Checkbox
            label="Colleagues may use it too"
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!body.name}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
