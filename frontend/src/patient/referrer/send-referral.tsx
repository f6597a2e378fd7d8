import { useRef, useState } from "react";
import type { OwnReferral } from "../../api/generated";
import { headers, newKey, PatientProblem, read } from "../api";
import { Notice } from "../ui/notice";
import { Listed } from "./listed";
import { useList } from "./use-list";
import { dayOf, problemInWords } from "./words";

const MOST_BYTES = 25 * 1024 * 1024;
const STATES: Record<OwnReferral["state"], string> = {
  received: "We have it and are reading it",
  with_a_person: "With our front desk",
  filed: "On your list of patients",
  not_readable: "We could not read it: please send it again or fax it",
  rejected: "Not a referral for us: please call",
};

async function send(file: File, key: string): Promise<OwnReferral> {
  let answer: Response;
  try {
    answer = await fetch("/api/v1/public/referrer/referrals", {
      method: "POST",
      credentials: "same-origin",
      headers: { ...headers(key), "Content-Type": file.type || "application/octet-stream" },
      body: file,
    });
  } catch {
    throw new PatientProblem(0, {});
  }
  return read<OwnReferral>(answer.status, await answer.text());
}

/** Send an order as a file; it is read like a fax. */
export function SendReferral({ onFailed }: { onFailed: (error: unknown) => void }) {
  const { items, problem, again } = useList<OwnReferral>("referrals", onFailed);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ tone: "good" | "bad"; text: string } | null>(null);
  const picker = useRef<HTMLInputElement>(null);

  async function chosen(files: FileList | null) {
    const file = files?.[0];
    if (!file || busy) return;
    if (file.size > MOST_BYTES) return setSaid({ tone: "bad", text: problemInWords("too-large") });
    setBusy(true);
    setSaid(null);
    try {
      await send(file, newKey());
      setSaid({ tone: "good", text: "Thank you. The referral has arrived and is being read." });
      again();
    } catch (error) {
      setSaid({ tone: "bad", text: problemInWords(error instanceof PatientProblem ? error.type : "") });
      onFailed(error);
    }
    setBusy(false);
    if (picker.current) picker.current.value = "";
  }

  return (
    <Listed
      title="Send a referral"
      count={items?.length}
      problem={problem}
      onAgain={again}
      onMore={null}
      before={
        <>
          <p>The signed order as PDF, TIFF or picture, at most 25 MB.</p>
          <label className="field">
            The file
            <input
              ref={picker}
              type="file"
              accept="application/pdf,image/tiff,image/jpeg,image/png"
              disabled={busy}
              onChange={(event) => chosen(event.target.files)}
            />
          </label>
          {busy && (
            <p role="status">
              <span className="wheel" aria-hidden="true" /> Sending…
            </p>
          )}
          {said && <Notice tone={said.tone}>{said.text}</Notice>}
        </>
      }
    >
      {items?.map((referral) => (
        <li key={referral.id}>
          <div className="row-head">
            <strong>{STATES[referral.state]}</strong>
            <span className="small">
              sent {dayOf(referral.at)}
              {referral.pages && `, ${referral.pages === 1 ? "1 page" : `${referral.pages} pages`}`}
            </span>
          </div>
        </li>
      ))}
    </Listed>
  );
}
