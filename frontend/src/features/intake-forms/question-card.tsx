import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { attachClosestEdge, extractClosestEdge } from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { ActionIcon, Badge, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { ArrowDown, ArrowUp, CircleAlert, Copy, GripVertical, MoreHorizontal, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { inWords } from "./conditions";
import { kindLabel, sectionsOf } from "./draft";
import classes from "./editor.module.css";
import type { Form, Question } from "./queries";
import { QuestionFields } from "./question-fields";

interface Props {
  form: Form;
  sectionId: string;
  question: Question;
  index: number;
  last: boolean;
  open: boolean;
  errors: number;
  error: (suffix: string) => string | undefined;
  onToggle: () => void;
  onChange: (change: Partial<Question>) => void;
  onShift: (by: -1 | 1) => void;
  onMoveTo: (sectionId: string) => void;
  onDuplicate: () => void;
  onRemove: () => void;
}

/** One question in the list: its words at a glance, everything else when it is opened. */
export function QuestionCard(props: Props) {
  const { form, question, open, errors } = props;
  const { box, grip, edge, dragging } = useDrag(props.sectionId, question.id, props.index);
  const condition = inWords(form, question.show_if);
  const words = question.label.en || "A question without words yet";
  return (
    <li
      ref={box}
      className={classes.question}
      data-open={open || undefined}
      data-dragging={dragging || undefined}
      data-edge={edge ?? undefined}
    >
      <div className={classes.questionHead}>
        <div ref={grip} className={classes.grip} aria-hidden title="Drag to move">
          <GripVertical size={16} />
        </div>
        <UnstyledButton
          className={classes.words}
          aria-expanded={open}
          id={`question-${question.id}`}
          onClick={props.onToggle}
        >
          <Text size="sm" fw={600} lineClamp={open ? undefined : 2}>
            {words}
            {question.required && <span className={classes.star}> *</span>}
          </Text>
          <Group gap={6} mt={2}>
            <Text size="xs" c="dimmed">
              {kindLabel(question.type)}
            </Text>
            {question.prefill && (
              <Badge size="xs" variant="light" color="teal">
                filled in
              </Badge>
            )}
            {errors > 0 && (
              <Badge size="xs" color="red" variant="light" leftSection={<CircleAlert size={10} />}>
                {errors} to correct
              </Badge>
            )}
          </Group>
          {condition && (
            <Text size="xs" c="dimmed" mt={2}>
              {condition}
            </Text>
          )}
        </UnstyledButton>
        <Verbs {...props} words={words} />
      </div>
      {open && (
        <div className={classes.fields}>
          <QuestionFields
            form={form}
            sectionId={props.sectionId}
            question={question}
            onChange={props.onChange}
            error={props.error}
          />
        </div>
      )}
    </li>
  );
}

function Verbs({ form, sectionId, question, index, last, words, ...on }: Props & { words: string }) {
  return (
    <Group gap={0} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        color="gray"
        id={`question-${question.id}-up`}
        disabled={index === 0}
        aria-label={`Move “${words}” up`}
        onClick={() => on.onShift(-1)}
      >
        <ArrowUp size={15} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        id={`question-${question.id}-down`}
        disabled={last}
        aria-label={`Move “${words}” down`}
        onClick={() => on.onShift(1)}
      >
        <ArrowDown size={15} />
      </ActionIcon>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for “${words}”`}>
            <MoreHorizontal size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Copy size={14} />} onClick={on.onDuplicate}>
            Copy below
          </Menu.Item>
          <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={on.onRemove}>
            Delete
          </Menu.Item>
          <Menu.Label>Move to section</Menu.Label>
          {sectionsOf(form)
            .filter((section) => section.id !== sectionId)
            .map((section) => (
              <Menu.Item key={section.id} onClick={() => on.onMoveTo(section.id)}>
                {section.title.en || "A section without a title"}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

/** Taken by the grip, dropped above or below another question. */
function useDrag(sectionId: string, questionId: string, index: number) {
  const box = useRef<HTMLLIElement>(null);
  const grip = useRef<HTMLDivElement>(null);
  const [edge, setEdge] = useState<"top" | "bottom" | null>(null);
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const element = box.current;
    const handle = grip.current;
    if (!element || !handle) return;
    return combine(
      draggable({
        element,
        dragHandle: handle,
        getInitialData: () => ({ questionId }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => typeof source.data.questionId === "string",
        getData: ({ input }) =>
          attachClosestEdge(
            { sectionId, questionId, index },
            { element, input, allowedEdges: ["top", "bottom"] },
          ),
        onDrag: ({ self, source }) =>
          setEdge(
            source.data.questionId === questionId
              ? null
              : (extractClosestEdge(self.data) as "top" | "bottom" | null),
          ),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [sectionId, questionId, index]);
  return { box, grip, edge, dragging };
}
