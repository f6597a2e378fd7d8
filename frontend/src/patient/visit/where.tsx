import { useState } from "react";
import type { PlaceOut } from "../../api/generated";
import { useWords } from "../words/language";
import { words } from "./visit.words";

/** The clinic's address. `geo:` opens the phone's own map; nobody else learns where the patient goes. */
export function Where({ place }: { place: PlaceOut }) {
  const t = useWords(words);
  const [copied, setCopied] = useState(false);
  const { address } = place;
  function copy() {
    if (!address || !navigator.clipboard) return;
    navigator.clipboard.writeText(address).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  }
  return (
    <>
      {place.name}
      {address && (
        <>
          <br />
          {address}
          <br />
          <a className="small-button" href={`geo:0,0?q=${encodeURIComponent(address)}`}>
            {t("booked.map")}
          </a>
          <button type="button" className="small-button" onClick={copy}>
            {copied ? t("booked.copied") : t("booked.copy")}
          </button>
        </>
      )}
    </>
  );
}
