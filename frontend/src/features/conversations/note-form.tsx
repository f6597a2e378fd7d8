import { Button, Combobox, Group, Text, Textarea, useCombobox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { usersOptions } from "../session";
import classes from "./composer.module.css";
import { complete, matching, mentionAt, mentioned } from "./mentioning";
import { useAddNote } from "./mutations";

interface Props {
  conversationId: string;
  text: string;
  onText: (text: string) => void;
}

const MOST = 2000;
const SHOWN = 6;

/** Liaisons see no texts; the server refuses to name them. */
const mayRead = (user: { active?: boolean; role: string }) => user.active && user.role !== "liaison";

/** A note for colleagues; `@` names one of them. Never sent to the patient. */
export function NoteForm({ conversationId, text, onText }: Props) {
  const input = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(text.length);
  const colleagues = (useQuery(usersOptions()).data?.items ?? []).filter(mayRead);
  const add = useAddNote();
  const key = useRef({ of: "", value: "" });
  const box = useCombobox();
  const naming = mentionAt(text, caret);
  const choices = naming ? matching(colleagues, naming.query).slice(0, SHOWN) : [];
  const open = box.dropdownOpened && choices.length > 0;
  const { selectFirstOption } = box;
  const offered = choices.map(({ id }) => id).join();
  useEffect(() => {
    // Once they are drawn, so that Enter takes the first.
    if (open && offered) selectFirstOption();
  }, [open, offered, selectFirstOption]);

  const pick = (id: string) => {
    const chosen = colleagues.find((user) => user.id === id);
    if (!chosen || !naming) return;
    const [next, place] = complete(text, naming.start, caret, chosen.name);
    onText(next);
    setCaret(place);
    box.closeDropdown();
    window.setTimeout(() => {
      input.current?.focus();
      input.current?.setSelectionRange(place, place);
    });
  };
  const submit = () => {
    const body = text.trim();
    if (!body || add.isPending) return;
    if (key.current.of !== body) key.current = { of: body, value: crypto.randomUUID() };
    const mentions = mentioned(body, colleagues);
    add.mutate(
      { id: conversationId, body, mentions, key: key.current.value },
      {
        onSuccess: () => {
          key.current = { of: "", value: "" };
          onText("");
          input.current?.focus();
        },
      },
    );
  };
  return (
    <div className={classes.form}>
      <Combobox store={box} onOptionSubmit={pick} position="top-start" width={260} withinPortal={false}>
        <Combobox.Target>
          <Textarea
            ref={input}
            data-write="note"
            data-naming={open || undefined}
            aria-label="Note for colleagues"
            placeholder="A note for colleagues. @ names one."
            className={classes.note}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={MOST}
            dir="auto"
            value={text}
            onChange={(event) => {
              onText(event.currentTarget.value);
              setCaret(event.currentTarget.selectionStart);
              box.openDropdown();
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
            onBlur={() => box.closeDropdown()}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              submit();
            }}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={!open}>
          <Combobox.Options aria-label="Colleagues">
            {choices.map((user) => (
              <Combobox.Option key={user.id} value={user.id}>
                <Text size="sm">{user.name}</Text>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          Never sent to the patient
        </Text>
        <Button
          size="xs"
          variant="default"
          loading={add.isPending}
          disabled={!text.trim()}
          onClick={submit}
          title="Ctrl+Enter"
        >
          Add note
        </Button>
      </Group>
    </div>
  );
}
