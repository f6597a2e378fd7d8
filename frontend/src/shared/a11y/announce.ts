import { announce as say } from "@atlaskit/pragmatic-drag-and-drop-live-region";

/** Tell screen readers politely what happened. */
export function announce(text: string): void {
  say(text);
}
