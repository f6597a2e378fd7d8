import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useAddVisit } from "./mutations";

/** Today where the browser is, as the date fields want it. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

const nothing = () => ({ visited_on: today(), met: "", note: "", next_on: "" });

/** A visit that was made; the next one becomes a task. */
export function VisitForm({ referrerId }: { referrerId: string }) {
  const [values, setValues] = useState(nothing);
  const add = useAddVisit();
  const errors = new Map(
    add.isError ? problemOf(add.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      visited_on: values.visited_on,
      met: values.met.trim() || null,
      note: values.note.trim() || null,
      next_on: values.next_on || null,
    };
    add.mutate({ path: { referrer_id: referrerId }, body }, { onSuccess: () => setValues(nothing()) });
  };
  const set = (change: Partial<typeof values>) => setValues({ ...values, ...change });
  return (
    <form onSubmit={submit}>
      <Stack gap={8}>
        <Group grow align="flex-start">
          <TextInput
            type="date"
            label="Visited on"
            required
            max={today()}
            error={errors.get("/visited_on")}
            value={values.visited_on}
            onChange={(event) => set({ visited_on: event.currentTarget.value })}
          />
          <TextInput
            label="Met"
            placeholder="Whom"
            maxLength={200}
            value={values.met}
            onChange={(event) => set({ met: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="Next visit"
            description="Becomes a task of yours"
            inputWrapperOrder={["label", "input", "description", "error"]}
            error={errors.get("/next_on")}
            value={values.next_on}
            onChange={(event) => set({ next_on: event.currentTarget.value })}
          />
        </Group>
        <Textarea
          label="What was said"
          autosize
          minRows={2}
          maxLength={2000}
          value={values.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}>
            Note the visit
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
