/** How many SMS a text is: GSM 03.38 counts 160 (153 joined), anything else UCS-2 70 (67 joined). */
const GSM = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
    "abcdefghijklmnopqrstuvwxyzäöñüà",
);
const GSM_TWICE = new Set("^{}\\[~]|€");

const LINKS = /\{(?:schedule|reschedule|intake|upload|visit)_link\}/g;
const TOKEN_LETTERS = 26;

/** A text as long as it will be once its links are made. */
export function asSent(text: string): string {
  return text.replace(LINKS, `${location.origin}/p#${"x".repeat(TOKEN_LETTERS)}`);
}

/** What a text costs: its segments, and how many letters still fit into the last one. */
export function measure(text: string): { segments: number; left: number; unicode: boolean } {
  const letters = [...text];
  if (letters.every((letter) => GSM.has(letter) || GSM_TWICE.has(letter))) {
    const length = letters.reduce((sum, letter) => sum + (GSM_TWICE.has(letter) ? 2 : 1), 0);
    return { ...counted(length, 160, 153), unicode: false };
  }
  return { ...counted(text.length, 70, 67), unicode: true };
}

function counted(length: number, alone: number, joined: number): { segments: number; left: number } {
  if (length <= alone) return { segments: 1, left: alone - length };
  const segments = Math.ceil(length / joined);
  return { segments, left: segments * joined - length };
}

export function segments(text: string): number {
  return measure(text).segments;
}
