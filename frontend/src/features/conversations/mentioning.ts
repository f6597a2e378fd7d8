/** A colleague who may be named. */
export interface Colleague {
  id: string;
  name: string;
}

/** The `@…` being typed right before the caret, with where it begins; null when there is none. */
export function mentionAt(text: string, caret: number): { start: number; query: string } | null {
  const match = /(?:^|\s)@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u.exec(text.slice(0, caret));
  if (!match) return null;
  const query = match[1] ?? "";
  return { start: caret - query.length - 1, query };
}

/** Colleagues whose name, or a part of it, begins with what was typed. */
export function matching(colleagues: Colleague[], query: string): Colleague[] {
  const wanted = query.trim().toLowerCase();
  return colleagues.filter(({ name }) => {
    const lower = name.toLowerCase();
    return lower.startsWith(wanted) || lower.split(/\s+/).some((part) => part.startsWith(wanted));
  });
}

/** The text with the `@…` completed, and where the caret goes. */
export function complete(text: string, start: number, caret: number, name: string): [string, number] {
  const before = `${text.slice(0, start)}@${name} `;
  return [before + text.slice(caret).replace(/^ /, ""), before.length];
}

/** Ids of the colleagues a note names. */
export function mentioned(text: string, colleagues: Colleague[]): string[] {
  return parts(text, colleagues).flatMap((part) => (part.id ? [part.id] : []));
}

/** A note cut into plain words and names, so that names can stand out. */
export function parts(text: string, colleagues: Colleague[]): { text: string; id: string | null }[] {
  const longest = [...colleagues].sort((one, other) => other.name.length - one.name.length);
  const found: { text: string; id: string | null }[] = [];
  let plain = "";
  for (let place = 0; place < text.length; ) {
    const named =
      text[place] === "@" &&
      longest.find(({ name }) => text.startsWith(name, place + 1) && ends(text, place + 1 + name.length));
    if (!named) {
      plain += text[place++];
      continue;
    }
    if (plain) found.push({ text: plain, id: null });
    plain = "";
    found.push({ text: `@${named.name}`, id: named.id });
    place += named.name.length + 1;
  }
  return plain ? [...found, { text: plain, id: null }] : found;
}

const ends = (text: string, place: number) => !/[\p{L}\p{N}]/u.test(text[place] ?? " ");
