const OURS = /(https?:\/\/[^\s/]+\/p#[a-z2-7]+)/;

/** A text as a phone shows it: links to the patient's pages can be tapped. */
export function Linked({ text }: { text: string }) {
  // The pattern's own group puts every link at an odd place.
  return text.split(OURS).map((part, at) =>
    at % 2 ? (
      <a key={part} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
