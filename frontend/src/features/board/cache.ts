import type { ColumnData, LeadCard } from "./queries";

/** Cards stand by rank, compared byte by byte as the server does, then by id. */
export function before(one: LeadCard, other: LeadCard): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  return one.id < other.id;
}

/** Every loaded card of a column, in order. */
export function cardsOf(data: ColumnData | undefined): LeadCard[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** The column without a card; the same object when it was not there. */
export function without(data: ColumnData, id: string): ColumnData {
  if (!cardsOf(data).some((card) => card.id === id)) return data;
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.filter((card) => card.id !== id) })),
  };
}

/** The column with a card in its place by rank. Beyond what is loaded it comes later, with its page. */
export function withCard(data: ColumnData, card: LeadCard): ColumnData {
  const rest = without(data, card.id);
  const pages = rest.pages.map((page) => ({ ...page, items: [...page.items] }));
  for (const [index, page] of pages.entries()) {
    const place = page.items.findIndex((other) => before(card, other));
    if (place >= 0) {
      page.items.splice(place, 0, card);
      return { ...rest, pages };
    }
    const last = index === pages.length - 1;
    if (last && !page.next_cursor) {
      page.items.push(card);
      return { ...rest, pages };
    }
  }
  return rest;
}

/** The column with a card right below another (null: on top), before the server has given it a rank. */
export function placed(data: ColumnData, card: LeadCard, afterId: string | null): ColumnData {
  const rest = without(data, card.id);
  const pages = rest.pages.map((page) => ({ ...page, items: [...page.items] }));
  const first = pages[0];
  if (!first) return rest;
  for (const page of pages) {
    const place = page.items.findIndex((other) => other.id === afterId);
    if (afterId !== null && place >= 0) {
      page.items.splice(place + 1, 0, { ...card, rank: page.items[place]?.rank ?? card.rank });
      return { ...rest, pages };
    }
  }
  first.items.unshift(card);
  return { ...rest, pages };
}
