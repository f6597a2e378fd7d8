import { common } from "../words/common.words";
import { useWords } from "../words/language";

/** Something is on its way. */
export function Waiting({ text }: { text?: string }) {
  const t = useWords(common);
  return (
    <p className="waiting" role="status">
      <span className="wheel" aria-hidden="true" /> {text ?? t("page.opening")}
    </p>
  );
}
