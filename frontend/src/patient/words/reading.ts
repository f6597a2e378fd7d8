/** How many years of school a text asks for (Flesch-Kincaid grade level), for sentences long enough to tell. */
export function grade(text: string): number {
  const sentences = text.split(/[.!?…:]+\s*/).filter((part) => /\w/.test(part)).length || 1;
  const words = text.match(/[A-Za-z'’]+/g) ?? [];
  const beats = words.reduce((sum, word) => sum + syllables(word), 0);
  return words.length === 0 ? 0 : 0.39 * (words.length / sentences) + 11.8 * (beats / words.length) - 15.59;
}

/** Vowels heard together count once; a final e is silent, except in -le. */
export function syllables(word: string): number {
  const plain = word.toLowerCase().replace(/[^a-z]/g, "");
  if (plain.length <= 3) return 1;
  const spoken = plain.replace(/(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$/, "").replace(/^y/, "");
  return Math.max(1, (spoken.match(/[aeiouy]{1,2}/g) ?? []).length);
}
