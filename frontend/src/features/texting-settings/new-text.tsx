import { Button, Group, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { BodyField } from "./body-field";
import { useCreateTemplate } from "./mutations";
import { forbidden, useTemplateCheck } from "./queries";

/** A text of the practice's own. */
export function NewText({ onMade, onCancel }: { onMade: (id: string) => void; onCancel: () => void }) {
  const create = useCreateTemplate();
  const [name, setName] = useState("");
  const [body, setBody] = useState("{practice}: ");
  const check = useTemplateCheck(null, body);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ body: { name, body } }, { onSuccess: (made) => onMade(made.id) });
  };
  return (
    <form onSubmit={submit} aria-label="Add a text">
      <Title order={2} size="h4" mb={2}>
        Add a text
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        For what you write often: parking, what to bring, how to find you.
      </Text>
      <TextInput
        label="Name"
        placeholder="Parking"
        required
        mb="sm"
        minLength={2}
        maxLength={80}
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <BodyField body={body} onBody={setBody} check={check} />
      <Group mt="md" gap="xs">
        <Button
          type="submit"
          loading={create.isPending}
          disabled={name.trim().length < 2 || !body.trim() || forbidden(check)}
        >
          Add
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
