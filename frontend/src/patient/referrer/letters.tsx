import { useState } from "react";
import type { OwnLetter } from "../../api/generated";
import { headers, PatientProblem, read } from "../api";
import { Notice } from "../ui/notice";
import { Listed } from "./listed";
import type { SectionProps } from "./section";
import { useList } from "./use-list";
import { dayOf, problemInWords } from "./words";

const FORGET_AFTER_MS = 60_000;

/** The letter as a file; its address says nothing, and the file stays in this browser. */
async function fetchLetter(id: string): Promise<Blob> {
  let answer: Response;
  try {
    answer = await fetch(`/api/v1/public/referrer/letters/${id}/document`, {
      credentials: "same-origin",
      cache: "no-store",
      headers: headers(),
    });
  } catch {
    throw new PatientProblem(0, {});
  }
  return answer.ok ? answer.blob() : read<Blob>(answer.status, await answer.text());
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), FORGET_AFTER_MS);
}

/** Every letter to this referrer, as PDF. */
export function Letters({ page, onFailed }: SectionProps) {
  const { items, problem, again, more } = useList<OwnLetter>("letters", onFailed);
  const [busy, setBusy] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const open = async (letter: OwnLetter) => {
    setBusy(letter.id);
    setWrong(null);
    try {
      save(await fetchLetter(letter.id), `letter-${letter.kind}-${letter.at.slice(0, 10)}.pdf`);
    } catch (error) {
      setWrong(problemInWords(error instanceof PatientProblem ? error.type : "unreachable"));
      onFailed(error);
    }
    setBusy(null);
  };
  const sorted = items && [...items].sort((a, b) => Number(b.id === page.show) - Number(a.id === page.show));
  return (
    <Listed
      title="Letters to you"
      count={items?.length}
      problem={problem}
      nothing="There are no letters yet."
      onAgain={again}
      onMore={more}
    >
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      {sorted?.map((letter) => (
        <li key={letter.id}>
          <div className="row-head">
            <strong>{letter.title}</strong>
            <span className="small">{dayOf(letter.at)}</span>
          </div>
          {letter.patient && <p className="small">{letter.patient}</p>}
          <button
            type="button"
            className="small-button"
            aria-label={`Open as PDF: ${letter.title}${letter.patient ? `, ${letter.patient}` : ""}`}
            onClick={() => open(letter)}
          >
            {busy === letter.id ? "One moment…" : "Open as PDF"}
          </button>
        </li>
      ))}
    </Listed>
  );
}
