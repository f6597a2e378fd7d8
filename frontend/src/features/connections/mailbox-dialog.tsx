import { Button, Group, Modal, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useSaveMailbox } from "./mutations";
import { type MailboxOut, useClinics } from "./queries";
import { asRequest, SERVERS, type SignIn, signInOf } from "./sign-in";
import { SignInFields } from "./sign-in-fields";

const SECURITY = [
  { value: "tls", label: "TLS (port 993)" },
  { value: "starttls", label: "STARTTLS (port 143)" },
  { value: "none", label: "None (only on this machine)" },
];
const PORTS: Record<string, number> = { tls: 993, starttls: 143, none: 143 };

/** A mailbox that is read, or is to be. */
export function MailboxDialog({ box, onClose }: { box: MailboxOut | null; onClose: () => void }) {
  const { create, update } = useSaveMailbox();
  const clinics = useClinics().data?.items ?? [];
  const [facts, setFacts] = useState({
    host: box?.host ?? "",
    port: box?.port ?? 993,
    security: box?.security ?? "tls",
    username: box?.username ?? "",
    folder: box?.folder ?? "INBOX",
    done_folder: box?.done_folder ?? "Frontdesk",
    location_id: box?.location_id ?? null,
    active: box?.active ?? true,
  });
  const [signIn, setSignIn] = useState(signInOf(box));
  const set = (part: Partial<typeof facts>) => setFacts((before) => ({ ...before, ...part }));
  const sign = (part: Partial<SignIn>) => {
    setSignIn((before) => ({ ...before, ...part }));
    if (part.way) set(SERVERS[part.way] ?? {});
  };
  const saving = box ? update : create;
  const errors = new Map(
    saving.isError ? problemOf(saving.error).errors.map((error) => [error.pointer, error.detail]) : [],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { ...facts, ...asRequest(signIn), version: box?.version ?? 0 };
    if (box) update.mutate({ path: { mailbox_id: box.id }, body }, { onSuccess: onClose });
    else create.mutate({ body }, { onSuccess: onClose });
  };
  const text = (name: "host" | "username" | "folder" | "done_folder") => ({
    required: true,
    autoComplete: "off",
    value: facts[name],
    error: errors.get(`/${name}`),
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
  });
  return (
    <Modal opened onClose={onClose} title={box ? "Change the mailbox" : "Add a mailbox"} centered>
      <form onSubmit={submit} autoComplete="off">
        <Stack gap="sm">
          <SignInFields
            said={signIn}
            kept={box !== null && signIn.way === (box.oauth?.provider ?? "password")}
            errors={errors}
            onChange={sign}
          />
          <TextInput label="Server" placeholder="imap.example.org" data-autofocus {...text("host")} />
          <Group grow align="flex-start">
            <Select
              label="Security"
              allowDeselect={false}
              data={SECURITY}
              error={errors.get("/security")}
              value={facts.security}
              onChange={(value) =>
                value && set({ security: value as typeof facts.security, port: PORTS[value] ?? facts.port })
              }
            />
            <NumberInput
              label="Port"
              min={1}
              max={65535}
              allowDecimal={false}
              value={facts.port}
              onChange={(value) => set({ port: Number(value) || 993 })}
            />
          </Group>
          <TextInput label="User name" placeholder="referrals@example.org" {...text("username")} />
          <Group grow align="flex-start">
            <TextInput label="Folder" {...text("folder")} />
            <TextInput label="Moved to" {...text("done_folder")} />
          </Group>
          <Select
            label="Clinic"
            placeholder="Whole practice"
            clearable
            data={clinics.map((found) => ({ value: found.id, label: found.name }))}
            value={facts.location_id}
            onChange={(value) => set({ location_id: value })}
          />
          <Switch
            label="It is read"
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
