import type { ChangeOut, InstrumentOut, MeasureOut, RequestOut, ScoreOut } from "./queries";

export const OCCASIONS = { intake: "Intake", progress: "Progress", discharge: "Discharge" };
const SOURCES = { patient: "by the patient", staff: "by staff", api: "by a program", import: "imported" };
const VERSIONS: Record<string, string> = {
  current: "now",
  mean_of_three: "now, best, worst",
  modified: "modified",
  "2.1a": "2.1a",
};

/** `43.2`, `50`: one decimal where there is one. */
export function figure(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `NPRS (now, best, worst)`. */
export function nameOf(instrument: InstrumentOut): string {
  const version = instrument.versions.length > 1 ? VERSIONS[instrument.version] : undefined;
  return version ? `${instrument.name} (${version})` : instrument.name;
}

/** `43.2 %`, or why there is none. */
export function scoreWords(score: ScoreOut): string {
  if (score.score === null) return "No score";
  return score.unit === "percent" ? `${figure(score.score)} %` : figure(score.score);
}

/** `18.2 points better (40 %)`. */
export function changeWords(change: ChangeOut): string {
  if (change.result === "unchanged") return "Unchanged";
  const size = figure(Math.abs(change.improvement));
  const percent = change.percent === null ? "" : ` (${Math.round(Math.abs(change.percent))} %)`;
  return `${size} points ${change.result === "improved" ? "better" : "worse"}${percent}`;
}

/** Badges of a change: what it is worth, and how it is to be read. */
export function badgesOf(
  change: ChangeOut,
  instrument: InstrumentOut,
): { text: string; color: string; why: string }[] {
  const found = [];
  const { mcid, mdc } = instrument;
  if (mcid && change.reached_mcid !== null) {
    found.push({
      text: change.reached_mcid ? "MCID reached" : "MCID not reached",
      color: change.reached_mcid ? "teal" : "gray",
      why: `Smallest change that matters: ${mcid.value} points. ${mcid.source}. ${mcid.note ?? ""}`.trim(),
    });
  }
  if (mdc && change.beyond_error === false && change.result !== "unchanged") {
    found.push({
      text: "Within error of measurement",
      color: "orange",
      why: `Less than ${mdc.value} points may be chance. ${mdc.source}. ${mdc.note ?? ""}`.trim(),
    });
  }
  if (mdc && change.beyond_error && change.result === "worse") {
    found.push({
      text: "Worse than chance",
      color: "red",
      why: `At least ${mdc.value} points. ${mdc.source}.`,
    });
  }
  return found;
}

/** `3 scores, 1 more without a score`. */
export function countWords(measure: MeasureOut): string {
  const counted = measure.scores.filter((score) => !score.superseded_by).length;
  const without = counted - measure.n;
  const scores = measure.n === 1 ? "1 score" : `${measure.n} scores`;
  return without > 0 ? `${scores}, ${without} more without a score` : scores;
}

/** `Answered by the patient`. */
export function sourceWords(score: ScoreOut): string {
  return `${SOURCES[score.source]}${score.source === "staff" ? ` (${score.recorded_by})` : ""}`;
}

/** What became of questions sent by link. */
export function requestWords(request: RequestOut): string {
  if (request.state === "done") return "answered";
  if (request.state === "canceled") return "canceled";
  if (request.expired) return request.percent > 0 ? `not finished (${request.percent} %)` : "not answered";
  if (request.state === "started") return `being answered (${request.percent} %)`;
  if (request.state === "sent") return "delivered, not opened yet";
  const words: Record<string, string> = {
    held: `waiting (${(request.message_reason ?? "held").replaceAll("_", " ")})`,
    blocked: `not sent (${(request.message_reason ?? "blocked").replaceAll("_", " ")})`,
    failed: "the text failed",
    undelivered: "the text did not arrive",
  };
  return words[request.message_status ?? ""] ?? "on its way";
}
