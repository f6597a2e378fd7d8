import { Alert, Button, Group, Modal, Select, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { problemOf } from "../../api/problem";
import { useMay, useMe } from "../session";
import { useCreateLead } from "./mutations";
import type { NewLeadIn } from "./queries";

const START = {
  source: "phone",
  first: "",
  last: "",
  dob: "",
  phone: "",
  reason: "",
  note: "",
  location: "",
};

/** A referral that came by phone or at the desk. */
export function NewLeadButton({ icon }: { icon: ReactNode }) {
  const [opened, { open, close }] = useDisclosure();
  const may = useMay("leads:write");
  if (!may) return null;
  return (
    <>
      <Button leftSection={icon} onClick={open} visibleFrom="xs">
        New lead
      </Button>
      <Button onClick={open} hiddenFrom="xs" px={10} aria-label="New lead">
        {icon}
      </Button>
      <Modal opened={opened} onClose={close} title="New lead" size="lg">
        <NewLeadForm onDone={close} />
      </Modal>
    </>
  );
}

function NewLeadForm({ onDone }: { onDone: () => void }) {
  const me = useMe();
  const create = useCreateLead();
  const navigate = useNavigate();
  const [form, setForm] = useState(START);
  const set = (name: keyof typeof START) => (value: string | null) =>
    setForm({ ...form, [name]: value ?? "" });
  const problem = create.isError ? problemOf(create.error) : null;
  const open = (lead: string) => {
    onDone();
    navigate({ to: "/board", search: { lead } });
  };
  const send = (separate: boolean) => {
    const patient = {
      first_name: form.first,
      last_name: form.last,
      dob: form.dob || undefined,
      phone: form.phone || undefined,
    };
    const body: NewLeadIn = {
      source: form.source as NewLeadIn["source"],
      location_id: form.location || undefined,
      patient,
      order: form.reason ? { diagnosis_text: form.reason } : undefined,
      note: form.note || undefined,
      separate,
    };
    create.mutate({ body }, { onSuccess: (lead) => open(lead.id) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(false);
  };
  return (
    <form onSubmit={submit}>
      {problem && (
        <Alert color={problem.leadId ? "yellow" : "red"} mb="sm" role="alert" title={problem.message}>
          {problem.errors.map((item) => `${item.pointer.split("/").at(-1)}: ${item.detail}`).join(" · ")}
          {problem.leadId && (
            <Group gap="xs" mt="xs">
              <Button size="xs" onClick={() => open(problem.leadId as string)}>
                Show the open lead
              </Button>
              <Button size="xs" variant="default" onClick={() => send(true)}>
                Open a separate one
              </Button>
            </Group>
          )}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput
          label="First name"
          required
          data-autofocus
          value={form.first}
          onChange={(e) => set("first")(e.currentTarget.value)}
        />
        <TextInput
          label="Last name"
          required
          value={form.last}
          onChange={(e) => set("last")(e.currentTarget.value)}
        />
        <TextInput
          label="Date of birth"
          type="date"
          value={form.dob}
          onChange={(e) => set("dob")(e.currentTarget.value)}
        />
        <TextInput
          label="Phone"
          type="tel"
          value={form.phone}
          onChange={(e) => set("phone")(e.currentTarget.value)}
        />
        <Select
          label="Came by"
          data={[
            { value: "phone", label: "Phone" },
            { value: "walk_in", label: "Walk-in" },
            { value: "text", label: "Text" },
            { value: "web_form", label: "Web form" },
          ]}
          value={form.source}
          allowDeselect={false}
          onChange={set("source")}
        />
        {me.locations.length > 1 && (
          <Select
            label="Clinic"
            clearable
            data={me.locations.map((place) => ({ value: place.id, label: place.name }))}
            value={form.location || null}
            onChange={set("location")}
          />
        )}
      </SimpleGrid>
      <TextInput
        mt="sm"
        label="Reason for therapy"
        value={form.reason}
        onChange={(e) => set("reason")(e.currentTarget.value)}
      />
      <Textarea
        mt="sm"
        label="Note"
        autosize
        minRows={2}
        value={form.note}
        onChange={(e) => set("note")(e.currentTarget.value)}
      />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={create.isPending}>
          Open lead
        </Button>
      </Group>
    </form>
  );
}
