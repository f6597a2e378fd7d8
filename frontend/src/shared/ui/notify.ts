import { notifications } from "@mantine/notifications";
import { problemOf } from "../../api/problem";

const dismissable = { closeButtonProps: { "aria-label": "Dismiss" } };

/** A short message that something worked. */
export function done(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 4000, ...dismissable });
}

/** A short message that something did not. */
export function failed(error: unknown): void {
  const problem = problemOf(error);
  const reasons = problem.errors.map((item) => `${item.pointer.split("/").at(-1)}: ${item.detail}`);
  notifications.show({
    title: problem.message,
    message: reasons.join(" · "),
    color: "red",
    autoClose: 8000,
    ...dismissable,
  });
}
