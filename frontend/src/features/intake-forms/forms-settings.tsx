import { Badge, Button, Group, Menu, Modal, Text, TextInput, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { ClipboardList, MoreHorizontal, Pencil, Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { moment } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./editor.module.css";
import { useChooseForm, useCreateForm, useDeleteForm } from "./mutations";
import { type FormOut, useForms } from "./queries";

/** The practice's forms: which is sent by default, what is published, what is being written. */
export function FormsSettings() {
  const forms = useForms();
  const may = useMay("settings:write");
  const [creating, setCreating] = useState<FormOut | "new" | null>(null);
  const items = forms.data?.items ?? [];
  return (
    <div>
      <Group justify="space-between" mb="sm" gap="sm" align="flex-end">
        <div style={{ flex: "1 1 300px" }}>
          <Title order={2} size="h4">
            Intake forms
          </Title>
          <Text size="sm" c="dimmed">
            What patients fill in before their first visit. Patients see published versions only.
          </Text>
        </div>
        {may && (
          <Button leftSection={<Plus size={16} />} onClick={() => setCreating("new")}>
            New form
          </Button>
        )}
      </Group>
      {forms.isPending && <Loading label="Loading forms" />}
      {forms.isError && <Failed error={forms.error} retry={() => forms.refetch()} />}
      {forms.isSuccess && items.length === 0 && (
        <Empty icon={<ClipboardList size={26} />} title="No forms">
          Write the first with “New form”.
        </Empty>
      )}
      {items.map((form) => (
        <FormCard key={form.id} form={form} may={may} onCopy={() => setCreating(form)} />
      ))}
      {creating && (
        <NewForm copyOf={creating === "new" ? null : creating} onClose={() => setCreating(null)} />
      )}
    </div>
  );
}

function FormCard({ form, may, onCopy }: { form: FormOut; may: boolean; onCopy: () => void }) {
  const choose = useChooseForm();
  const remove = useDeleteForm();
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const path = { form_id: form.id };
  return (
    <section className={classes.card} aria-label={form.name}>
      <div>
        <Group gap={8}>
          <h3>{form.name}</h3>
          {form.standard && (
            <Badge variant="light" color="teal">
              Sent by default
            </Badge>
          )}
          {form.published !== null && form.changed && (
            <Badge variant="light" color="yellow">
              Draft not published
            </Badge>
          )}
          {form.running > 0 && (
            <Badge variant="light" color="gray">
              {form.running} {form.running === 1 ? "patient has" : "patients have"} it now
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {form.sections} sections, {form.questions} questions ·{" "}
          {form.published && form.published_at
            ? `version ${form.published}, published ${moment(form.published_at)}`
            : "not published yet"}
        </Text>
      </div>
      {may && (
        <Group gap={6}>
          <Button
            variant="light"
            size="xs"
            leftSection={<Pencil size={14} />}
            aria-label={`Edit ${form.name}`}
            onClick={() => navigate({ to: "/settings/forms/$formId", params: { formId: form.id } })}
          >
            Edit
          </Button>
          <Menu position="bottom-end" width={200}>
            <Menu.Target>
              <Button variant="default" size="xs" aria-label={`More for ${form.name}`}>
                <MoreHorizontal size={15} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={onCopy}>Copy</Menu.Item>
              <Menu.Item
                disabled={form.standard || form.published === null}
                onClick={() => choose.mutate({ path })}
              >
                Send by default
              </Menu.Item>
              <Menu.Item color="red" disabled={form.standard} onClick={() => setDeleting(true)}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      )}
      <Modal opened={deleting} onClose={() => setDeleting(false)} title={`Delete “${form.name}”?`} centered>
        <Text size="sm">It can no longer be sent. Who has it finishes it, and what was handed in stays.</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setDeleting(false)}>
            Keep it
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate({ path }, { onSuccess: () => setDeleting(false) })}
          >
            Delete
          </Button>
        </Group>
      </Modal>
    </section>
  );
}

function NewForm({ copyOf, onClose }: { copyOf: FormOut | null; onClose: () => void }) {
  const create = useCreateForm();
  const navigate = useNavigate();
  const [name, setName] = useState(copyOf ? `${copyOf.name} (copy)` : "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { name: name.trim(), copy_of: copyOf?.id ?? null };
    if (!body.name) return;
    create.mutate(
      { body },
      { onSuccess: ({ id }) => navigate({ to: "/settings/forms/$formId", params: { formId: id } }) },
    );
  };
  return (
    <Modal opened onClose={onClose} title={copyOf ? `Copy “${copyOf.name}”` : "New form"} centered>
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          description="For you; patients see the form's title."
          required
          data-autofocus
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
            Write it
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
