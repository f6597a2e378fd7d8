import { dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { ActionIcon, Button, Group, UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp, CircleAlert, Plus } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { announce } from "../../shared/a11y/announce";
import { newSection, questionsOf, sectionsOf, shifted } from "./draft";
import classes from "./editor.module.css";
import { countAt } from "./findings";
import type { Form, FormFinding, Section } from "./queries";

interface Props {
  form: Form;
  current: string | undefined;
  findings: FormFinding[];
  onChange: (form: Form) => void;
  onGo: (sectionId: string) => void;
}

/** The sections of the form, one of which is being written. Questions may be dropped onto another. */
export function SectionList({ form, current, findings, onChange, onGo }: Props) {
  const sections = sectionsOf(form);
  const move = (index: number, by: -1 | 1) => {
    onChange({ ...form, sections: shifted(sections, index, by) });
    announce(`${sections[index]?.title.en} moved ${by < 0 ? "up" : "down"}`);
  };
  const add = () => {
    const section = newSection(form);
    onChange({ ...form, sections: [...sections, section] });
    onGo(section.id);
  };
  return (
    <nav className={classes.outline} aria-label="Sections">
      <ol>
        {sections.map((section, index) => (
          <Row
            key={section.id}
            section={section}
            current={section.id === current}
            errors={countAt(findings, `/sections/${index}`)}
            first={index === 0}
            last={index === sections.length - 1}
            onGo={() => onGo(section.id)}
            onMove={(by) => move(index, by)}
          />
        ))}
      </ol>
      <Button
        size="xs"
        variant="light"
        fullWidth
        leftSection={<Plus size={14} />}
        disabled={sections.length >= 40}
        onClick={add}
      >
        Add a section
      </Button>
    </nav>
  );
}

interface RowProps {
  section: Section;
  current: boolean;
  errors: number;
  first: boolean;
  last: boolean;
  onGo: () => void;
  onMove: (by: -1 | 1) => void;
}

function Row({ section, current, errors, first, last, onGo, onMove }: RowProps) {
  const box = useRef<HTMLLIElement>(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    return dropTargetForElements({
      element: box.current,
      canDrop: ({ source }) => typeof source.data.questionId === "string",
      getData: () => ({ sectionId: section.id, index: null }),
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: () => setOver(false),
    });
  }, [section.id]);
  const name = section.title.en || "A section without a title";
  return (
    <li ref={box} data-current={current || undefined} data-over={over || undefined}>
      <UnstyledButton onClick={onGo} aria-current={current ? "step" : undefined}>
        <span>{name}</span>
        <small>
          {questionsOf(section).length}
          {errors > 0 && (
            <span className={classes.bad}>
              <CircleAlert size={12} aria-hidden /> {errors} to correct
            </span>
          )}
        </small>
      </UnstyledButton>
      {current && (
        <Group gap={0} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            disabled={first}
            aria-label={`Move section ${name} up`}
            onClick={() => onMove(-1)}
          >
            <ArrowUp size={14} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            disabled={last}
            aria-label={`Move section ${name} down`}
            onClick={() => onMove(1)}
          >
            <ArrowDown size={14} />
          </ActionIcon>
        </Group>
      )}
    </li>
  );
}
