import type { FlowProps } from "../flow";
import { Title } from "../ui/title";
import { Waiting } from "../ui/waiting";
import { useWords } from "../words/language";
import { CardForm } from "./card-form";
import { PaperSlot } from "./paper-slot";
import { words } from "./upload.words";
import { usePapers } from "./use-papers";

const KINDS = ["card_front", "card_back", "order"] as const;

/** Photos of card and order from the phone's camera, and a look at what was read. */
export default function UploadFlow({ onFailed }: FlowProps) {
  const t = useWords(words);
  const { papers, look } = usePapers(onFailed);
  if (!papers) return <Waiting text={t("loading")} />;
  const front = papers.items.filter((item) => item.kind === "card_front" && item.state === "read");
  return (
    <>
      <section>
        <Title>{t("title")}</Title>
        <p>{t("intro")}</p>
      </section>
      {KINDS.map((kind) => (
        <PaperSlot
          key={kind}
          kind={kind}
          sent={papers.items.filter((item) => item.kind === kind)}
          onSent={look}
          onFailed={onFailed}
        />
      ))}
      {papers.card && front.length > 0 && (
        <CardForm key={front[front.length - 1]?.id} card={papers.card} onSaved={look} onFailed={onFailed} />
      )}
    </>
  );
}
