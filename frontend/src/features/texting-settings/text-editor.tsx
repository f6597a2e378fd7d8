import { Alert, Button, Group, Text, TextInput, Title } from "@mantine/core";
import { RotateCcw, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useMay } from "../session";
import { BodyField } from "./body-field";
import { ConfirmDialog } from "./confirm-dialog";
import { useDeleteTemplate, useUpdateTemplate } from "./mutations";
import { forbidden, type TemplateOut, useTemplateCheck } from "./queries";
import classes from "./texting-settings.module.css";

interface Props {
  template: TemplateOut;
  draft: string;
  onDraft: (body: string) => void;
  onGone: () => void;
}

/** Change one text. */
export function TextEditor({ template, draft, onDraft, onGone }: Props) {
  const may = useMay("settings:write");
  const update = useUpdateTemplate();
  const remove = useDeleteTemplate();
  const [name, setName] = useState(template.name);
  const [removing, setRemoving] = useState(false);
  const stale = update.isError && problemOf(update.error).type === "stale-version";
  const check = useTemplateCheck(template.id, draft);
  const changed = draft !== template.body || name !== template.name;
  const save = (event: FormEvent) => {
    event.preventDefault();
    const body = { body: draft, name: template.standard ? undefined : name, version: template.version };
    update.mutate({ path: { key: template.id }, body });
  };
  return (
    <form onSubmit={save} aria-label={template.name}>
      <Title order={2} size="h4" mb={2}>
        {template.name}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {template.first
          ? "May be the first text a patient gets, so it must name the practice and say how to stop."
          : template.standard
            ? "Frontdesk sends this text itself; you may use it, too."
            : "A text of your practice, to choose when writing."}
      </Text>
      {!template.standard && (
        <TextInput
          label="Name"
          mb="sm"
          minLength={2}
          maxLength={80}
          value={name}
          disabled={!may}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <BodyField body={draft} onBody={onDraft} check={check} disabled={!may} />
      {stale && (
        <Alert color="orange" mt="sm" title="Someone changed this text meanwhile">
          <Text size="sm" className={classes.theirs}>
            {template.body}
          </Text>
          <Group gap="xs" mt="xs">
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                onDraft(template.body);
                update.reset();
              }}
            >
              Take theirs
            </Button>
            <Button size="xs" type="submit">
              Save mine instead
            </Button>
          </Group>
        </Alert>
      )}
      {may && (
        <Group mt="md" gap="xs">
          <Button
            type="submit"
            loading={update.isPending}
            disabled={!changed || draft.trim() === "" || stale || forbidden(check)}
          >
            Save
          </Button>
          {changed && (
            <Button
              variant="default"
              onClick={() => {
                onDraft(template.body);
                setName(template.name);
              }}
            >
              Discard changes
            </Button>
          )}
          {template.standard_body !== null && draft !== template.standard_body && (
            <Button
              variant="subtle"
              leftSection={<RotateCcw size={16} />}
              onClick={() => onDraft(template.standard_body ?? "")}
            >
              Put in the standard text
            </Button>
          )}
          {!template.standard && (
            <Button
              variant="subtle"
              color="red"
              leftSection={<Trash2 size={16} />}
              onClick={() => setRemoving(true)}
            >
              Remove
            </Button>
          )}
        </Group>
      )}
      <ConfirmDialog
        opened={removing}
        title={`Remove “${template.name}”?`}
        action="Remove"
        color="red.9"
        pending={remove.isPending}
        onCancel={() => setRemoving(false)}
        onConfirmed={() =>
          remove.mutate(
            { path: { key: template.id }, query: { version: template.version } },
            { onSuccess: onGone, onSettled: () => setRemoving(false) },
          )
        }
      >
        Texts that were written with it stay as they are.
      </ConfirmDialog>
    </form>
  );
}
