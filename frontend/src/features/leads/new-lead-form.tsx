import { Alert, Button, Group, Select, SimpleGrid, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { problemOf } from "../../api/problem";
import { useMay, useMe } from "../session";
import { type Draft, EMPTY, type Field, leadOf, merged } from "./lead-draft";
import { useCreateLead } from "./mutations";
import classes from "./new-lead.module.css";
import { parseLine } from "./parse-line";
import { PeopleLike } from "./people-like";

type Then = "open" | "call" | "text";

const TEXTS: [Field, string, string?][] = [
  ["first", "First name"],
  ["last", "Last name"],
  ["phone", "Phone", "tel"],
  ["dob", "Date of birth", "date"],
  ["payer", "Insurance"],
  ["reason", "Reason for therapy"],
  ["referrer", "Referred by"],
  ["email", "E-mail", "email"],
  ["note", "Note"],
];

/** One line, read as it is typed, and the fields it fills. Enter saves. */
export function NewLeadForm({ onDone }: { onDone: () => void }) {
  const create = useCreateLead();
  const navigate = useNavigate();
  const [line, setLine] = useState("");
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [touched, setTouched] = useState<ReadonlySet<Field>>(new Set());
  const texts = useMay("messages:write");

  const type = (text: string) => {
    setLine(text);
    setDraft((before) => merged(before, parseLine(text), touched));
  };
  const set = (name: Field, value: string) => {
    setTouched(new Set([...touched, name]));
    setDraft({ ...draft, [name]: value });
  };
  const open = (lead: string) => {
    onDone();
    navigate({ to: "/board", search: { lead } });
  };
  const send = (then: Then, separate = false) =>
    create.mutate(
      { body: leadOf(draft, separate) },
      {
        onSuccess: (lead) => {
          open(lead.id);
          if (then === "call" && lead.patient.phone) window.location.assign(`tel:${lead.patient.phone}`);
          if (then === "text") focusComposer();
        },
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send("open");
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (ready) send(event.shiftKey ? "text" : "call");
  };
  const ready = Boolean(draft.first.trim() && draft.last.trim());
  return (
    <form onSubmit={submit} onKeyDown={keys}>
      <Problem error={create.error} onOpen={open} onSeparate={() => send("open", true)} />
      <TextInput
        className={classes.line}
        label="In one line"
        description="Name, phone, date of birth, insurance, what hurts, who referred: in any order after the name"
        placeholder="Ada Brown 217 555 0142 medicare knee Dr Silva"
        data-autofocus
        autoComplete="off"
        value={line}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <PeopleLike draft={draft} onOpen={open} />
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm" verticalSpacing={8} mt="sm">
        {TEXTS.map(([name, label, kind]) => (
          <TextInput
            key={name}
            label={label}
            type={kind}
            required={name === "first" || name === "last"}
            autoComplete="off"
            value={draft[name]}
            onChange={(event) => set(name, event.currentTarget.value)}
          />
        ))}
        <Choices draft={draft} set={set} />
      </SimpleGrid>
      <Group justify="space-between" mt="lg" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Group gap="xs">
          <Button
            variant="light"
            disabled={!ready || !draft.phone || create.isPending}
            title="Ctrl+Enter"
            onClick={() => send("call")}
          >
            Save and call
          </Button>
          {texts && (
            <Button
              variant="light"
              disabled={!ready || !draft.phone || create.isPending}
              title="Ctrl+Shift+Enter"
              onClick={() => send("text")}
            >
              Save and text
            </Button>
          )}
          <Button type="submit" loading={create.isPending}>
            Open lead
          </Button>
        </Group>
      </Group>
    </form>
  );
}

const CAME = [
  { value: "phone", label: "Phone" },
  { value: "walk_in", label: "Walk-in" },
  { value: "text", label: "Text" },
  { value: "email", label: "E-mail" },
  { value: "web_form", label: "Web form" },
];
const URGENCY = [
  { value: "routine", label: "Routine" },
  { value: "urgent", label: "Urgent" },
  { value: "stat", label: "Stat" },
];

function Choices({ draft, set }: { draft: Draft; set: (name: Field, value: string) => void }) {
  const me = useMe();
  const places = me.locations.map((place) => ({ value: place.id, label: place.name }));
  return (
    <>
      <Select
        label="Came by"
        data={CAME}
        value={draft.source}
        allowDeselect={false}
        onChange={(value) => set("source", value ?? "phone")}
      />
      <Select
        label="Urgency"
        data={URGENCY}
        value={draft.urgency}
        allowDeselect={false}
        onChange={(value) => set("urgency", value ?? "routine")}
      />
      {places.length > 1 && (
        <Select
          label="Clinic"
          clearable
          data={places}
          value={draft.location || null}
          onChange={(value) => set("location", value ?? "")}
        />
      )}
    </>
  );
}

interface ProblemProps {
  error: unknown;
  onOpen: (lead: string) => void;
  onSeparate: () => void;
}

function Problem({ error, onOpen, onSeparate }: ProblemProps) {
  if (!error) return null;
  const problem = problemOf(error);
  return (
    <Alert color={problem.leadId ? "yellow" : "red"} mb="sm" role="alert" title={problem.message}>
      {problem.errors.map((item) => `${item.pointer.split("/").at(-1)}: ${item.detail}`).join(" · ")}
      {problem.leadId && (
        <Group gap="xs" mt="xs">
          <Button size="xs" onClick={() => onOpen(problem.leadId as string)}>
            Show the open lead
          </Button>
          <Button size="xs" variant="default" onClick={onSeparate}>
            Open a separate one
          </Button>
        </Group>
      )}
    </Alert>
  );
}

/** The composer comes with the drawer, a moment later. */
function focusComposer(tries = 40): void {
  const box = document.querySelector<HTMLTextAreaElement>(
    '[role="dialog"] section[aria-label="Texts"] textarea',
  );
  if (box) box.focus();
  else if (tries > 0) window.setTimeout(() => focusComposer(tries - 1), 100);
}
