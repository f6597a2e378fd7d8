import { useRef, useState } from "react";
import { problemType } from "../../api";
import { Notice } from "../../ui/notice";
import { useWords } from "../../words/language";
import { type Side, sendPhoto, whatItSays } from "../card-photos";
import type { FieldProps, Surroundings } from "../field";
import { type IntakeKey, intakeWords } from "../intake.words";
import type { CardAnswer, Of } from "../types";

type Props = FieldProps<Of<"card_photo">, CardAnswer> & { around: Surroundings };
type State = "idle" | "sending" | "reading" | "read" | "nothing" | "failed" | "unreachable";

const SIDES: { side: Side; label: IntakeKey }[] = [
  { side: "front", label: "card.front" },
  { side: "back", label: "card.back" },
];

/** Photos of the card. What is read on it goes into the fields below, for the patient to check. */
export function CardField({ id, value, onChange, wrong, describedBy, around }: Props) {
  const card = useRef<CardAnswer>({ front: "", back: "", ...value });
  card.current = { front: "", back: "", ...value };
  return (
    <div>
      {SIDES.map(({ side, label }, index) => (
        <Photo
          key={side}
          id={index === 0 ? id : `${id}-${side}`}
          side={side}
          label={label}
          there={Boolean(value?.[side])}
          wrong={wrong && side === "front"}
          describedBy={describedBy}
          around={around}
          onSent={(upload) => onChange({ ...card.current, [side]: upload })}
        />
      ))}
    </div>
  );
}

interface PhotoProps {
  id: string;
  side: Side;
  label: IntakeKey;
  there: boolean;
  wrong: boolean;
  describedBy: string | undefined;
  around: Surroundings;
  onSent: (uploadId: string) => void;
}

function Photo({ id, side, label, there, wrong, describedBy, around, onSent }: PhotoProps) {
  const t = useWords(intakeWords);
  const [state, setState] = useState<State>("idle");

  async function take(file: File | undefined) {
    if (!file || around.preview) return;
    setState("sending");
    try {
      const upload = await sendPhoto(side, file);
      onSent(upload);
      setState("reading");
      // Goes on while the patient is on another step.
      const facts = await whatItSays(upload);
      if (facts === null) return setState("failed");
      around.suggest(facts);
      setState(Object.keys(facts).length > 0 ? "read" : "nothing");
    } catch (error) {
      setState(problemType(error) === "unreachable" ? "unreachable" : "failed");
    }
  }

  return (
    <div className="photo">
      <label className="secondary small" htmlFor={id}>
        {t(label)}
        <input
          id={id}
          className="quiet"
          type="file"
          accept="image/*,application/pdf"
          aria-invalid={wrong}
          aria-describedby={describedBy}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </label>
      {state === "idle" && there && <span className="there">{t("card.there")}</span>}
      {state !== "idle" && <Told state={state} />}
    </div>
  );
}

function Told({ state }: { state: Exclude<State, "idle"> }) {
  const t = useWords(intakeWords);
  const bad = state === "failed" || state === "unreachable";
  return <Notice tone={bad ? "bad" : state === "read" ? "good" : "plain"}>{t(`card.${state}`)}</Notice>;
}
