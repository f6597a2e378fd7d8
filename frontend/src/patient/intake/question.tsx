import type { ComponentType, ReactNode } from "react";
import { useLanguage, useWords } from "../words/language";
import type { Problem } from "./checks";
import type { FieldProps, Surroundings } from "./field";
import { AddressField } from "./fields/address";
import { AgreementField } from "./fields/agreement";
import { BodyField } from "./fields/body";
import { CardField } from "./fields/card";
import { ChoiceField, MultiChoiceField, ScaleField, YesNoField } from "./fields/choice";
import { DateField } from "./fields/date";
import { ActivitiesField, MedicationsField } from "./fields/lists";
import { SignatureField } from "./fields/signature";
import { NumberField, TextField } from "./fields/text";
import { intakeWords } from "./intake.words";
import { type Kind, type Question, say } from "./types";

interface Props {
  question: Question;
  value: unknown;
  problem: Problem | null;
  /** Who filled this in for the patient to check, if anybody did. */
  known: "clinic" | "card" | null;
  around: Surroundings;
  onChange: (value: unknown) => void;
}

// One control each: its label is a real label. All others are groups with a legend.
const SINGLE = ["short_text", "long_text", "number", "phone", "email"];

/** One question: what is asked, help, the field, what is wrong. */
export function QuestionView({ question, value, problem, known, around, onChange }: Props) {
  const t = useWords(intakeWords);
  const { language } = useLanguage();
  if (question.type === "note") {
    return (
      <div className="question note">
        <p className="label">{say(question.label, language)}</p>
        {question.help && <p>{say(question.help, language)}</p>}
      </div>
    );
  }
  const id = `q-${question.id}`;
  const help = say(question.help, language);
  const described = [help && `${id}-help`, known && `${id}-known`, problem && `${id}-wrong`];
  const describedBy = described.filter(Boolean).join(" ") || undefined;
  const label = (
    <>
      {say(question.label, language)}
      {!question.required && <span className="optional"> ({t("step.optional")})</span>}
    </>
  );
  const inside = (
    <>
      {help && (
        <p id={`${id}-help`} className="hint">
          {help}
        </p>
      )}
      {known && (
        <p id={`${id}-known`} className="known">
          {t(known === "card" ? "known.card" : "prefilled")}
        </p>
      )}
      <Field
        question={question}
        id={id}
        value={value}
        onChange={onChange}
        wrong={problem !== null}
        describedBy={describedBy}
        around={around}
      />
      {problem && (
        <p id={`${id}-wrong`} className="wrong">
          {t(problem.key, problem.facts)}
        </p>
      )}
    </>
  );
  if (SINGLE.indexOf(question.type) >= 0) {
    return (
      <div className="question field" data-wrong={problem !== null} data-question={question.id}>
        <label htmlFor={id} className="label">
          {label}
        </label>
        {inside}
      </div>
    );
  }
  return (
    <fieldset
      className="question"
      data-wrong={problem !== null}
      data-question={question.id}
      aria-describedby={describedBy}
    >
      <legend className="label">{label}</legend>
      {inside}
    </fieldset>
  );
}

// Which field a kind of question has. The server has checked that the answer fits the question.
const FIELDS: Partial<Record<Kind, (props: never) => ReactNode>> = {
  short_text: TextField,
  long_text: TextField,
  phone: TextField,
  email: TextField,
  number: NumberField,
  date: DateField,
  choice: ChoiceField,
  multi_choice: MultiChoiceField,
  yes_no: YesNoField,
  scale: ScaleField,
  address: AddressField,
  medications: MedicationsField,
  activities: ActivitiesField,
  body_diagram: BodyField,
  card_photo: CardField,
  signature: SignatureField,
  agreement: AgreementField,
};

function Field(props: FieldProps & { around: Surroundings }) {
  const Chosen = FIELDS[props.question.type] as ComponentType<typeof props> | undefined;
  return Chosen ? <Chosen key={props.question.id} {...props} /> : null;
}
