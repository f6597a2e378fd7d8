import type { Form, Kind, Option, Question, Section, Words } from "./queries";

/** Kinds of questions in the order of the menu. */
export const KINDS: { kind: Kind; label: string; group: string }[] = [
  { kind: "short_text", label: "Short answer", group: "Writing" },
  { kind: "long_text", label: "Long answer", group: "Writing" },
  { kind: "number", label: "Number", group: "Writing" },
  { kind: "date", label: "Date", group: "Writing" },
  { kind: "yes_no", label: "Yes or no", group: "Choosing" },
  { kind: "choice", label: "One of several", group: "Choosing" },
  { kind: "multi_choice", label: "Any of several", group: "Choosing" },
  { kind: "scale", label: "0 to 10", group: "Choosing" },
  { kind: "phone", label: "Phone number", group: "The person" },
  { kind: "email", label: "E-mail", group: "The person" },
  { kind: "address", label: "Address", group: "The person" },
  { kind: "card_photo", label: "Insurance card photo", group: "The person" },
  { kind: "body_diagram", label: "Body diagram", group: "Health" },
  { kind: "medications", label: "Medicines", group: "Health" },
  { kind: "activities", label: "Own activities, 0 to 10", group: "Health" },
  { kind: "agreement", label: "Agreement", group: "Legal" },
  { kind: "signature", label: "Signature", group: "Legal" },
  { kind: "note", label: "Text to read", group: "Legal" },
];

export function kindLabel(kind: Kind): string {
  return KINDS.find((one) => one.kind === kind)?.label ?? kind;
}

const EMPTY: Words = { en: "", es: "" };

export function sectionsOf(form: Form): Section[] {
  return form.sections ?? [];
}

export function questionsOf(section: Section): Question[] {
  return section.questions ?? [];
}

/** Every question before the given one, which is what its conditions may look at. */
export function earlierThan(form: Form, sectionId: string, questionId: string | null): Question[] {
  const found: Question[] = [];
  for (const section of sectionsOf(form)) {
    const here = section.id === sectionId;
    for (const question of questionsOf(section)) {
      if (here && (questionId === null || question.id === questionId)) return found;
      if (question.type !== "note") found.push(question);
    }
    if (here) return found;
  }
  return found;
}

/** A name nobody else has. */
export function freeId(taken: string[], stem: string): string {
  for (let number = 1; ; number += 1) {
    const id = `${stem}_${number}`;
    if (!taken.includes(id)) return id;
  }
}

function allIds(form: Form): string[] {
  return sectionsOf(form).flatMap((section) => questionsOf(section).map((question) => question.id));
}

/** A fresh question of a kind. */
export function newQuestion(form: Form, kind: Kind): Question {
  const base = { id: freeId(allIds(form), kind), label: EMPTY, required: false };
  switch (kind) {
    case "choice":
    case "multi_choice":
      return { ...base, type: kind, options: [newOption([]), newOption(["option_1"])] };
    case "scale":
      return { ...base, type: kind, low: EMPTY, high: EMPTY };
    case "agreement":
      return { ...base, type: kind, required: true, text: EMPTY, version: 0, sign: "check" };
    default:
      return { ...base, type: kind } as Question;
  }
}

export function newOption(taken: string[]): Option {
  return { id: freeId(taken, "option"), label: EMPTY, alone: false, alert: false };
}

export function newSection(form: Form): Section {
  const id = freeId(
    sectionsOf(form).map((section) => section.id),
    "section",
  );
  return { id, title: { en: "New section", es: "" }, questions: [] };
}

/** The form with one section changed. */
export function withSection(form: Form, id: string, change: (section: Section) => Section): Form {
  return { ...form, sections: sectionsOf(form).map((one) => (one.id === id ? change(one) : one)) };
}

/** The form with one question changed. */
export function withQuestion(form: Form, id: string, change: Partial<Question>): Form {
  return {
    ...form,
    sections: sectionsOf(form).map((section) => ({
      ...section,
      questions: questionsOf(section).map((one) =>
        one.id === id ? ({ ...one, ...change } as Question) : one,
      ),
    })),
  };
}

export function withoutQuestion(form: Form, id: string): Form {
  return {
    ...form,
    sections: sectionsOf(form).map((section) => ({
      ...section,
      questions: questionsOf(section).filter((one) => one.id !== id),
    })),
  };
}

/** A question put at a place of a section, after taking it from where it was. */
export function placed(form: Form, questionId: string, sectionId: string, index: number): Form {
  const question = sectionsOf(form)
    .flatMap(questionsOf)
    .find((one) => one.id === questionId);
  if (!question) return form;
  return withSection(withoutQuestion(form, questionId), sectionId, (section) => {
    const questions = [...questionsOf(section)];
    questions.splice(Math.max(0, Math.min(index, questions.length)), 0, question);
    return { ...section, questions };
  });
}

/** One place up (-1) or down (1); at the end nothing moves. */
export function shifted<T>(items: T[], index: number, by: -1 | 1): T[] {
  const other = index + by;
  if (index < 0 || other < 0 || other >= items.length) return items;
  const order = [...items];
  [order[index], order[other]] = [order[other] as T, order[index] as T];
  return order;
}

/** The same question once more, right below. */
export function duplicated(form: Form, sectionId: string, questionId: string): Form {
  return withSection(form, sectionId, (section) => {
    const questions = [...questionsOf(section)];
    const index = questions.findIndex((one) => one.id === questionId);
    const original = questions[index];
    if (!original) return section;
    const copy = { ...original, id: freeId(allIds(form), original.id), prefill: null } as Question;
    questions.splice(index + 1, 0, copy);
    return { ...section, questions };
  });
}
