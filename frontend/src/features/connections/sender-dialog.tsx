import { Button, Group, Modal, NumberInput, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useSaveSender } from "./mutations";
import { type Hl7SenderOut, useClinics } from "./queries";

/** What an interface calls itself, and from where it may send. */
export function SenderDialog({ sender, onClose }: { sender: Hl7SenderOut | null; onClose: () => void }) {
  const { create, update } = useSaveSender();
  const clinics = useClinics().data?.items ?? [];
  const [facts, setFacts] = useState({
    name: sender?.name ?? "",
    application: sender?.application ?? "",
    facility: sender?.facility ?? "",
    port: sender?.port ?? null,
    location_id: sender?.location_id ?? null,
    active: sender?.active ?? true,
  });
  const [peers, setPeers] = useState(sender?.peers.join("\n") ?? "");
  const set = (part: Partial<typeof facts>) => setFacts((before) => ({ ...before, ...part }));
  const saving = sender ? update : create;
  const errors = new Map(
    saving.isError ? problemOf(saving.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { ...facts, peers: peers.split(/[\s,]+/).filter(Boolean), version: sender?.version ?? 0 };
    if (sender) update.mutate({ path: { sender_id: sender.id }, body }, { onSuccess: onClose });
    else create.mutate({ body }, { onSuccess: onClose });
  };
  const text = (name: "name" | "application" | "facility") => ({
    autoComplete: "off",
    value: facts[name],
    error: errors.get(`/${name}`),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <Modal opened onClose={onClose} title={sender ? "Change the interface" : "Add an interface"} centered>
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="sm">
          <TextInput label="Name" placeholder="Clinic EMR" required data-autofocus {...text("name")} />
          <TextInput
            label="Sending application"
            description="MSH-3, as the EMR writes it. Empty: any"
            {...text("application")}
          />
          <TextInput
            label="Sending facility"
            description="MSH-4. Empty: any, on a port of its own"
            {...text("facility")}
          />
          <NumberInput
            label="Port of its own"
            description="Empty: the shared one"
            min={1024}
            max={65535}
            allowDecimal={false}
            value={facts.port ?? ""}
            onChange={(value) => set({ port: value === "" ? null : Number(value) })}
          />
          <Textarea
            label="Only from these addresses"
            description="One a line, also networks like 10.8.0.0/24. Empty: from any"
            autosize
            minRows={2}
            error={errors.get("/peers") ?? errors.get("/peers/0")}
            value={peers}
            onChange={(event) => setPeers(event.currentTarget.value)}
          />
          <Select
            label="Clinic where a message names none"
            placeholder="None"
            clearable
            data={clinics.map((found) => ({ value: found.id, label: found.name }))}
            value={facts.location_id}
            onChange={(value) => set({ location_id: value })}
          />
          <Switch
            label="It may send"
            checked={facts.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
