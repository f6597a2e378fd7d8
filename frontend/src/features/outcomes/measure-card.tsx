import { ActionIcon, Badge, Button, Group, Menu, Modal, Text, TextInput } from "@mantine/core";
import { EllipsisVertical } from "lucide-react";
import { type FormEvent, useState } from "react";
import { day } from "../../shared/lib/format";
import { useTakeBack } from "./mutations";
import classes from "./outcomes.module.css";
import type { MeasureOut, ScoreOut } from "./queries";
import { Trend } from "./trend";
import { badgesOf, changeWords, countWords, nameOf, OCCASIONS, scoreWords, sourceWords } from "./wording";

interface Props {
  measure: MeasureOut;
  may: boolean;
  onCorrect: (score: ScoreOut) => void;
}

/** One measure: where the patient stands, what became of them, and every score behind it. */
export function MeasureCard({ measure, may, onCorrect }: Props) {
  const { instrument, change } = measure;
  const latest = measure.scores.find((score) => score.id === measure.latest_id);
  return (
    <article className={classes.card} aria-label={nameOf(instrument)}>
      <div className={classes.head}>
        <h4 className={classes.name} title={instrument.about}>
          {nameOf(instrument)}
        </h4>
        {latest && (
          <span>
            <span className={classes.now}>{scoreWords(latest)}</span>{" "}
            <Text span size="xs" c="dimmed">
              best {instrument.best_score}
            </Text>
          </span>
        )}
      </div>
      {change && (
        <Group gap={6} mt={2}>
          <Text size="sm" fw={600} c={change.result === "worse" ? "red.8" : undefined}>
            {changeWords(change)}
          </Text>
          {badgesOf(change, instrument).map((badge) => (
            <Badge key={badge.text} size="sm" color={badge.color} variant="light" title={badge.why}>
              {badge.text}
            </Badge>
          ))}
        </Group>
      )}
      {measure.no_change_explained && <p className={classes.quiet}>{measure.no_change_explained}</p>}
      {measure.n === 1 && <p className={classes.quiet}>The baseline. A second score shows the change.</p>}
      <Trend measure={measure} />
      <details>
        <summary className={classes.quiet}>{countWords(measure)}</summary>
        <ul className={classes.list}>
          {measure.scores.map((score) => (
            <ScoreLine key={score.id} score={score} may={may} onCorrect={onCorrect} />
          ))}
        </ul>
      </details>
    </article>
  );
}

function ScoreLine({
  score,
  may,
  onCorrect,
}: {
  score: ScoreOut;
  may: boolean;
  onCorrect: (score: ScoreOut) => void;
}) {
  const [leaving, setLeaving] = useState(false);
  const old = score.superseded_by !== null;
  const label = `${scoreWords(score)}, ${day(score.taken_at.slice(0, 10))}`;
  return (
    <li data-old={old || undefined}>
      <span className={classes.grow}>
        <b>{scoreWords(score)}</b> · {day(score.taken_at.slice(0, 10))} ·{" "}
        {OCCASIONS[score.occasion].toLowerCase()}, {sourceWords(score)}
        {score.null_explained && <span className={classes.quiet}> — {score.null_explained}</span>}
        {score.correction && <span className={classes.quiet}> — {score.correction}</span>}
      </span>
      {may && !old && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Actions for ${label}`}>
              <EllipsisVertical size={15} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {score.items && <Menu.Item onClick={() => onCorrect(score)}>Correct…</Menu.Item>}
            <Menu.Item color="red" onClick={() => setLeaving(true)}>
              Take back…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {leaving && <TakeBack score={score} label={label} onClose={() => setLeaving(false)} />}
    </li>
  );
}

function TakeBack({ score, label, onClose }: { score: ScoreOut; label: string; onClose: () => void }) {
  const takeBack = useTakeBack();
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    takeBack.mutate({ path: { score_id: score.id }, body: { reason } }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title="Take this score back" closeButtonProps={{ "aria-label": "Close" }}>
      <form onSubmit={submit}>
        <Text size="sm" mb="sm">
          {label}. It will count for nothing, and stay on record with your reason.
        </Text>
        <TextInput
          label="Why"
          required
          data-autofocus
          maxLength={300}
          placeholder="Another patient’s sheet"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button type="submit" color="red" loading={takeBack.isPending} disabled={!reason.trim()}>
            Take back
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
