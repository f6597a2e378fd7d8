import { Anchor, Drawer, Group, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { moment } from "../../shared/lib/format";
import classes from "./intake.module.css";
import type { IntakeDetail, LineOut } from "./queries";

interface Ink {
  kind: "drawn" | "typed";
  name: string;
  strokes: [number, number][][];
}

/** Everything the patient wrote, in the order of the form, and the words they agreed to. */
export function IntakeAnswers({ intake, onClose }: { intake: IntakeDetail; onClose: () => void }) {
  const agreed = new Map(intake.agreements.map((agreement) => [agreement.question_id, agreement]));
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={`${intake.form_name}${intake.form_version ? `, version ${intake.form_version}` : ""}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {intake.pdf && (
        <Anchor size="sm" href={`/api/v1/intake/${intake.id}/pdf`} download>
          Download as PDF
        </Anchor>
      )}
      {intake.parts.map((part) => (
        <section key={part.title} className={classes.part} aria-label={part.title}>
          <h3>{part.title}</h3>
          <dl>
            {part.lines.map((line) => (
              <div key={line.question_id} className={classes.line} data-alert={line.alert || undefined}>
                <dt>{line.label}</dt>
                <dd>
                  <Answer line={line} done={intake.state === "submitted"} />
                  {agreed.has(line.question_id) && (
                    <details className={classes.missing}>
                      <summary>
                        Version {agreed.get(line.question_id)?.agreement_version}, agreed by{" "}
                        {agreed.get(line.question_id)?.name_typed},{" "}
                        {moment(agreed.get(line.question_id)?.agreed_at ?? "")}
                      </summary>
                      <Text size="sm">{agreed.get(line.question_id)?.words}</Text>
                    </details>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Drawer>
  );
}

function Answer({ line, done }: { line: LineOut; done: boolean }) {
  if (line.words.length === 0) {
    return <Text c="dimmed">{line.missing && !done ? "missing" : "–"}</Text>;
  }
  const ink = line.kind === "signature" ? (line.value as Ink | null) : null;
  return (
    <>
      {line.words.map((words) => (
        <Group key={words} gap={6} wrap="nowrap" align="flex-start">
          {line.alert && <TriangleAlert size={15} aria-label="Warning sign" className={classes.sign} />}
          <Text size="sm">{words}</Text>
        </Group>
      ))}
      {ink?.kind === "drawn" && (
        <svg
          viewBox="0 0 1000 300"
          className={classes.ink}
          role="img"
          aria-label={`Signature of ${ink.name}`}
        >
          {ink.strokes.map((stroke) => (
            <polyline key={stroke.join(" ")} points={stroke.map((point) => point.join(",")).join(" ")} />
          ))}
        </svg>
      )}
      {line.prefilled && (
        <Text size="xs" c="dimmed">
          filled in by us, not changed
        </Text>
      )}
    </>
  );
}
