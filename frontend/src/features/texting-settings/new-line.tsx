import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useCreateLine } from "./mutations";
import { useClinics } from "./queries";

const EMPTY = { number: "", account_sid: "", auth_token: "", messaging_service_sid: "" };

/** A number at Twilio, with the credentials of its account. */
export function NewLineDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const create = useCreateLine();
  const clinics = useClinics().data?.items ?? [];
  const [facts, setFacts] = useState(EMPTY);
  const [clinic, setClinic] = useState<string | null>(null);
  const field = (name: keyof typeof EMPTY) => ({
    value: facts[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setFacts((before) => ({ ...before, [name]: value }));
    },
  });
  const close = () => {
    setFacts(EMPTY);
    setClinic(null);
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { number, ...secrets } = facts;
    const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value.trim()));
    create.mutate({ body: { number, location_id: clinic, secrets: given } }, { onSuccess: close });
  };
  return (
    <Modal opened={opened} onClose={close} title="Add a number" centered>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            label="Number"
            placeholder="(217) 555-0110"
            required
            data-autofocus
            {...field("number")}
          />
          <Select
            label="Clinic"
            placeholder="Whole practice"
            clearable
            data={clinics.map((found) => ({ value: found.id, label: found.name }))}
            value={clinic}
            onChange={setClinic}
          />
          <TextInput
            label="Account SID"
            description="Twilio console, Account info. Begins with AC."
            required
            maxLength={60}
            autoComplete="off"
            {...field("account_sid")}
          />
          <PasswordInput
            label="Auth token"
            description="Stored sealed, and never shown again."
            required
            maxLength={200}
            autoComplete="off"
            {...field("auth_token")}
          />
          <TextInput
            label="Messaging Service SID"
            description="When the number sends through a service (10DLC). Begins with MG."
            maxLength={40}
            autoComplete="off"
            {...field("messaging_service_sid")}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Add
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
