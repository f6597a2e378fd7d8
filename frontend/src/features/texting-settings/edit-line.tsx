import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { phone } from "../../shared/lib/format";
import { useUpdateLine } from "./mutations";
import { type PhoneLineOut, useClinics } from "./queries";

interface Props {
  line: PhoneLineOut;
  opened: boolean;
  onClose: () => void;
}

/** Which clinic a number belongs to, and the Messaging Service it sends through. */
export function EditLineDialog({ line, opened, onClose }: Props) {
  const update = useUpdateLine();
  const clinics = useClinics().data?.items ?? [];
  const [clinic, setClinic] = useState(line.location_id);
  const [service, setService] = useState(line.messaging_service_sid ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { location_id: clinic, messaging_service_sid: service.trim(), version: line.version };
    update.mutate({ path: { line_id: line.id }, body }, { onSuccess: onClose });
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Edit ${phone(line.number)}`} centered>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Select
            label="Clinic"
            placeholder="Whole practice"
            description="Leads of this clinic are texted from this number."
            clearable
            data={clinics.map((found) => ({ value: found.id, label: found.name }))}
            value={clinic}
            onChange={setClinic}
          />
          <TextInput
            label="Messaging Service SID"
            description="Empty: texts go out from the number itself."
            maxLength={40}
            autoComplete="off"
            value={service}
            onChange={(event) => setService(event.currentTarget.value)}
          />
        </Stack>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.isPending}>
            Save
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
