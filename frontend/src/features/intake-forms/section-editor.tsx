import { Button, Group, Menu, Stack, Text } from "@mantine/core";
import { ChevronDown, Plus, Trash2 } from "lucide-react";
import { Fragment, useState } from "react";
import { announce } from "../../shared/a11y/announce";
import { ConditionEditor } from "./condition-editor";
import {
  duplicated,
  earlierThan,
  KINDS,
  newQuestion,
  placed,
  questionsOf,
  sectionsOf,
  shifted,
  withoutQuestion,
  withQuestion,
  withSection,
} from "./draft";
import classes from "./editor.module.css";
import { countAt, errorsAt } from "./findings";
import type { Form, FormFinding, Kind, Section } from "./queries";
import { QuestionCard } from "./question-card";
import { WordsFields } from "./words-fields";

interface Props {
  form: Form;
  section: Section;
  findings: FormFinding[];
  open: string | null;
  onOpen: (questionId: string | null) => void;
  onChange: (form: Form) => void;
  onRemoved: () => void;
}

/** A section being written: its title, when it is shown, its questions. */
export function SectionEditor({ form, section, findings, open, onOpen, onChange, onRemoved }: Props) {
  const place = `/sections/${sectionsOf(form).findIndex((one) => one.id === section.id)}`;
  const error = errorsAt(findings, place);
  const questions = questionsOf(section);
  const set = (change: Partial<Section>) =>
    onChange(withSection(form, section.id, (one) => ({ ...one, ...change })));
  const shift = (index: number, by: -1 | 1) => {
    const moved = questions[index];
    set({ questions: shifted(questions, index, by) });
    announce(`Question ${index + 1} moved ${by < 0 ? "up" : "down"}`);
    if (moved) focusSoon(`question-${moved.id}-${by < 0 ? "up" : "down"}`, `question-${moved.id}`);
  };
  const add = (kind: Kind) => {
    const question = newQuestion(form, kind);
    set({ questions: [...questions, question] });
    onOpen(question.id);
    focusSoon(`label-${question.id}`);
  };
  return (
    <Stack gap="md" className={classes.section}>
      <WordsFields
        label="Section title"
        value={section.title}
        required
        most={120}
        error={error("/title/en")}
        onChange={(title) => set({ title })}
      />
      <WordsFields
        label="Introduction"
        value={section.help}
        onChange={(help) => set({ help: help.en || help.es ? help : null })}
      />
      <ConditionEditor
        what="this section"
        condition={section.show_if}
        earlier={earlierThan(form, section.id, questions[0]?.id ?? null)}
        onChange={(show_if) => set({ show_if })}
        error={(suffix) => error(`/show_if${suffix}`)}
      />
      <ol className={classes.questions} aria-label="Questions">
        {questions.map((question, index) => (
          <QuestionCard
            key={question.id}
            form={form}
            sectionId={section.id}
            question={question}
            index={index}
            last={index === questions.length - 1}
            open={open === question.id}
            errors={countAt(findings, `${place}/questions/${index}`)}
            error={errorsAt(findings, `${place}/questions/${index}`)}
            onToggle={() => onOpen(open === question.id ? null : question.id)}
            onChange={(change) => onChange(withQuestion(form, question.id, change))}
            onShift={(by) => shift(index, by)}
            onMoveTo={(target) => onChange(placed(form, question.id, target, 10_000))}
            onDuplicate={() => onChange(duplicated(form, section.id, question.id))}
            onRemove={() => onChange(withoutQuestion(form, question.id))}
          />
        ))}
      </ol>
      {questions.length === 0 && (
        <Text size="sm" c={error("/questions") ? "red.8" : "dimmed"}>
          {error("/questions") ?? "No questions yet."}
        </Text>
      )}
      <Group justify="space-between">
        <AddQuestion onAdd={add} disabled={questions.length >= 80} />
        <RemoveSection
          count={questions.length}
          onRemove={() => {
            onChange({ ...form, sections: sectionsOf(form).filter((one) => one.id !== section.id) });
            onRemoved();
          }}
        />
      </Group>
    </Stack>
  );
}

function AddQuestion({ onAdd, disabled }: { onAdd: (kind: Kind) => void; disabled: boolean }) {
  const groups = [...new Set(KINDS.map((one) => one.group))];
  return (
    <Menu position="top-start" width={240}>
      <Menu.Target>
        <Button
          size="xs"
          variant="light"
          disabled={disabled}
          leftSection={<Plus size={14} />}
          rightSection={<ChevronDown size={14} />}
        >
          Add a question
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflowY: "auto" }}>
        {groups.map((group) => (
          <Fragment key={group}>
            <Menu.Label>{group}</Menu.Label>
            {KINDS.filter((one) => one.group === group).map(({ kind, label }) => (
              <Menu.Item key={kind} onClick={() => onAdd(kind)}>
                {label}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function RemoveSection({ count, onRemove }: { count: number; onRemove: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Button
      size="xs"
      variant="subtle"
      color="red"
      leftSection={<Trash2 size={14} />}
      onBlur={() => setSure(false)}
      onClick={() => (sure || count === 0 ? onRemove() : setSure(true))}
    >
      {sure ? `Really delete it with its ${count} questions?` : "Delete this section"}
    </Button>
  );
}

/** The first of these that is there, once it is drawn. */
function focusSoon(...ids: string[]) {
  window.setTimeout(() => {
    for (const id of ids) {
      const found = document.getElementById(id);
      if (found && !(found as HTMLButtonElement).disabled) return found.focus();
    }
  }, 40);
}
