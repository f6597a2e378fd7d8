import { useTyping } from "./queries";
import classes from "./thread.module.css";

/** `Olivia is typing…` */
export function TypingLine({ id }: { id: string }) {
  const names = useTyping(id).data?.names ?? [];
  return (
    <p className={classes.typing} role="status">
      {names.length === 1 && `${names[0]} is typing…`}
      {names.length > 1 && `${names.slice(0, 2).join(" and ")} are typing…`}
    </p>
  );
}
