import { type ChangeEvent, useRef, useState } from "react";
import type { UploadOut } from "../../api/generated";
import { newKey, problemType } from "../api";
import { isFinal } from "../ui/failed";
import { Notice } from "../ui/notice";
import { useWords } from "../words/language";
import { MOST_BYTES, send } from "./send";
import { shrink } from "./shrink";
import { type UploadKey, words } from "./upload.words";

interface Props {
  kind: UploadOut["kind"];
  /** What was sent here before, newest last. */
  sent: UploadOut[];
  onSent: () => Promise<void>;
  onFailed: (error: unknown) => void;
}

type Sending = { step: "small" } | { step: "sending"; percent: number } | { step: "error"; text: UploadKey };

const ERRORS: Record<string, UploadKey> = {
  "too-large": "error.size",
  "unknown-file": "error.kind",
  "too-many-uploads": "error.many",
  unreachable: "error.lost",
};
const REASONS: Record<string, UploadKey> = {
  encrypted: "failed.encrypted",
  page_too_large: "failed.page_too_large",
  too_large: "failed.too_large",
  out_of_memory: "failed.too_large",
};

/** One kind of paper: take a photo, see it go, see that it has arrived. */
export function PaperSlot({ kind, sent, onSent, onFailed }: Props) {
  const t = useWords(words);
  const [state, setState] = useState<Sending | null>(null);
  const [file, setFile] = useState<{ data: Blob; key: string } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const busy = state?.step === "small" || state?.step === "sending";
  const last = sent[sent.length - 1];

  async function choose(event: ChangeEvent<HTMLInputElement>) {
    const chosen = event.target.files?.[0];
    if (!chosen || busy) return;
    setState({ step: "small" });
    const data = await shrink(chosen);
    if (input.current) input.current.value = "";
    if (data.size > MOST_BYTES) return setState({ step: "error", text: "error.size" });
    const next = { data, key: newKey() };
    setFile(next);
    await deliver(next);
  }

  async function deliver(wanted: { data: Blob; key: string }) {
    setState({ step: "sending", percent: 0 });
    try {
      await send(kind, wanted.data, wanted.key, (percent) => setState({ step: "sending", percent }));
      setFile(null);
      setState(null);
      await onSent();
    } catch (error) {
      const type = problemType(error);
      if (isFinal(type)) return onFailed(error);
      if (type !== "unreachable") setFile(null);
      setState({ step: "error", text: ERRORS[type] ?? "error.problem" });
    }
  }

  const many = kind === "order";
  return (
    <section className="card" aria-labelledby={kind}>
      <h3 id={kind} className="slot">
        {t(`slot.${kind}`)}
      </h3>
      {many && <p className="small">{t("slot.orderHint")}</p>}
      <div aria-live="polite">
        {sent.map((item, at) => (
          <Status key={item.id} item={item} shown={many || at === sent.length - 1} />
        ))}
        {state?.step === "small" && <p>{t("slot.small")}</p>}
      </div>
      {state?.step === "sending" && (
        <p>
          <progress value={state.percent} max={100} aria-label={t(`slot.${kind}`)} />
          {t("slot.sending", { percent: state.percent })}
        </p>
      )}
      {state?.step === "error" && <Notice tone="bad">{t(state.text)}</Notice>}
      {state?.step === "error" && file && (
        <button type="button" className="primary" onClick={() => deliver(file)}>
          {t("error.again")}
        </button>
      )}
      <label className={last && last.state !== "failed" ? "secondary pick" : "primary pick"} data-busy={busy}>
        {t(!last ? "slot.take" : many && last.state !== "failed" ? "slot.more" : "slot.again")}
        <input
          ref={input}
          type="file"
          className="quiet"
          accept="image/*,application/pdf"
          disabled={busy}
          aria-describedby={kind}
          onChange={choose}
        />
      </label>
    </section>
  );
}

function Status({ item, shown }: { item: UploadOut; shown: boolean }) {
  const t = useWords(words);
  if (!shown) return null;
  if (item.state === "failed") {
    return (
      <Notice tone="bad">
        {t("slot.failed")} {t(REASONS[item.failure ?? ""] ?? "failed.other")}
      </Notice>
    );
  }
  return (
    <p className={item.state === "read" ? "done" : undefined}>
      {t(item.state === "read" ? "slot.done" : "slot.reading")}
    </p>
  );
}
