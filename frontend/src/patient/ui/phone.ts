/** `(217) 555-0110` for a North American number, with spaces that do not break. */
export function phoneInWords(phone: string): string {
  const found = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return found ? `(${found[1]})\u00a0${found[2]}\u2011${found[3]}` : phone;
}
