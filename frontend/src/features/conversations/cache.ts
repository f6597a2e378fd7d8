import type { ConversationOut, ListData, ListFilter, MessageOut, MessagePage, ThreadData } from "./queries";

/** The latest stands first, then the greater id, as the server sorts. */
function stands(one: ConversationOut, before: ConversationOut): boolean {
  const [a, b] = [Date.parse(one.last_at), Date.parse(before.last_at)];
  return a !== b ? a > b : one.id > before.id;
}

/** Whether a conversation is in a list. */
export function belongs(row: ConversationOut, filter: ListFilter): boolean {
  switch (filter) {
    case "waiting":
      return row.waiting;
    case "mine":
      return row.mine;
    case "unassigned":
      return row.owner === null;
    case "undeliverable":
      return row.undeliverable;
    case "mentioned":
      return row.mention !== null;
    default:
      return true;
  }
}

/** Every loaded conversation, in order. */
export function rowsOf(data: ListData | undefined): ConversationOut[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** The list without a conversation; the same object when it was not there. */
export function withoutRow(data: ListData, id: string): ListData {
  if (!rowsOf(data).some((row) => row.id === id)) return data;
  const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((row) => row.id !== id) }));
  return { ...data, pages };
}

/** The list with a conversation in its place. Beyond what is loaded it comes later, with its page. */
export function withRow(data: ListData, row: ConversationOut): ListData {
  const known = rowsOf(data).find((other) => other.id === row.id);
  if (known && known.version > row.version) return data;
  if (known && known.last_at === row.last_at) {
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((other) => (other.id === row.id ? row : other)),
    }));
    return { ...data, pages };
  }
  const rest = withoutRow(data, row.id);
  const pages = rest.pages.map((page) => ({ ...page, items: [...page.items] }));
  for (const [index, page] of pages.entries()) {
    const place = page.items.findIndex((other) => stands(row, other));
    const end = index === pages.length - 1 && !page.next_cursor;
    if (place < 0 && !end) continue;
    page.items.splice(place < 0 ? page.items.length : place, 0, row);
    return { ...rest, pages };
  }
  return rest;
}

/** The list after a change: moved to its place, changed where it stands, or gone. `found`: only what search found. */
export function changed(data: ListData, row: ConversationOut, filter: ListFilter, found: boolean): ListData {
  if (!belongs(row, filter)) return withoutRow(data, row.id);
  if (found && !rowsOf(data).some((other) => other.id === row.id)) return data;
  return withRow(data, row);
}

/** Every loaded message, the oldest first. */
export function messagesOf(data: ThreadData | undefined): MessageOut[] {
  return (data?.pages.flatMap((page) => page.items) ?? []).toReversed();
}

function same(one: MessageOut, other: MessageOut): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The thread with its newest page as it is now. What did not change stays the same object, so nothing flickers. */
export function withNewest(data: ThreadData | undefined, newest: MessagePage): ThreadData {
  const [first, ...older] = data?.pages ?? [];
  const fresh = new Map(newest.items.map((item) => [item.id, item]));
  const known = new Set(data?.pages.flatMap((page) => page.items.map((item) => item.id)));
  const joins = newest.items.some((item) => known.has(item.id)) || !newest.next_cursor;
  // More came in than one page holds: what lies between is not loaded, so begin again.
  if (!data || !first || !joins) return { pages: [newest], pageParams: [""] };
  const now = (item: MessageOut) => {
    const found = fresh.get(item.id);
    return found && !same(found, item) ? found : item;
  };
  const added = newest.items.filter((item) => !known.has(item.id));
  const items = [...added, ...first.items.map(now)].sort(newestFirst);
  const rest = older.map((page) => ({ ...page, items: page.items.map(now) }));
  return { ...data, pages: [{ ...first, items }, ...rest] };
}

function newestFirst(one: MessageOut, other: MessageOut): number {
  const later = Date.parse(other.created_at) - Date.parse(one.created_at);
  return later !== 0 ? later : other.id < one.id ? -1 : 1;
}

/** The thread with one message as the server answered it. */
export function withMessage(data: ThreadData | undefined, message: MessageOut): ThreadData | undefined {
  return data && withNewest(data, { items: [message], next_cursor: null });
}
