import { questionsOf, sectionsOf } from "./draft";
import type { Form, FormFinding } from "./queries";

/** What is wrong below a pointer, by what follows it. Warnings are only counted, not shown at the place. */
export function errorsAt(findings: FormFinding[], pointer: string): (suffix: string) => string | undefined {
  return (suffix) =>
    findings.find((one) => one.level === "error" && one.pointer === `${pointer}${suffix}`)?.detail;
}

/** How many errors are at or below a pointer. */
export function countAt(findings: FormFinding[], pointer: string): number {
  return findings.filter((one) => one.level === "error" && one.pointer.startsWith(`${pointer}/`)).length;
}

/** Where a finding is, to go there: its section and question. */
export function placeOf(form: Form, finding: FormFinding): { section?: string; question?: string } {
  const [, section, question] = /^\/sections\/(\d+)(?:\/questions\/(\d+))?/.exec(finding.pointer) ?? [];
  const found = section === undefined ? undefined : sectionsOf(form)[Number(section)];
  if (!found) return {};
  return {
    section: found.id,
    question: question === undefined ? undefined : questionsOf(found)[Number(question)]?.id,
  };
}

/** A finding with the words of the question it is about. */
export function sentence(form: Form, finding: FormFinding): string {
  const { section, question } = placeOf(form, finding);
  const found = sectionsOf(form).find((one) => one.id === section);
  const asked = found && questionsOf(found).find((one) => one.id === question);
  const about = asked?.label.en || found?.title.en;
  return about ? `“${about}”: ${finding.detail}` : finding.detail;
}
