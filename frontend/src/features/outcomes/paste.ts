/** One question as pasted, with its own answers where it has any. */
export interface Pasted {
  text: string;
  options: string[] | null;
}

const NUMBERING = /^\s*(?:\(?\d{1,2}[.):]|[-•*])\s+/;

function clean(line: string): string {
  return line.replace(NUMBERING, "").trim();
}

/** A question per line; or, with empty lines between them, a question with its own answers below it. */
export function questionsIn(text: string): Pasted[] {
  const blocks = text
    .replaceAll("\r", "")
    .split(/\n\s*\n/)
    .map((block) => block.split("\n").map(clean).filter(Boolean))
    .filter((lines) => lines.length > 0);
  if (blocks.length < 2) return (blocks[0] ?? []).map((line) => ({ text: line, options: null }));
  return blocks.map(([first = "", ...rest]) => ({ text: first, options: rest.length > 0 ? rest : null }));
}

/** A label per line, lowest answer first. */
export function labelsIn(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replace(/^\s*(?:\d{1,2}\s*[=.):–-]|[-•*])\s*/, "").trim())
    .filter(Boolean);
}

/** The same as it would be pasted. */
export function pasted(items: { text: string; options?: string[] | null }[]): string {
  const own = items.some((item) => item.options);
  return items.map((item) => [item.text, ...(item.options ?? [])].join("\n")).join(own ? "\n\n" : "\n");
}
