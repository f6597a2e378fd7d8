/** Keep the keyboard where the person is after a row has moved or gone: the first of these that can be used. */
export function focusSoon(...ids: string[]): void {
  window.setTimeout(() => {
    for (const id of ids) {
      const found = document.getElementById(id);
      if (found instanceof HTMLButtonElement && !found.disabled) {
        found.focus();
        return;
      }
    }
  });
}
