import { Avatar, Tooltip } from "@mantine/core";
import { AtSign, CircleAlert, CornerUpLeft, Users } from "lucide-react";
import { memo } from "react";
import { initials, moment, span } from "../../shared/lib/format";
import classes from "./inbox.module.css";
import type { ConversationOut } from "./queries";
import { rowName } from "./wording";

interface Props {
  row: ConversationOut;
  opened: boolean;
  tabStop: boolean;
  onOpen: (id: string) => void;
  onActive: (id: string) => void;
}

/** Blue: unread. Amber: read and unanswered. Red: a text did not arrive. */
function stateOf(row: ConversationOut): [string, string] {
  if (row.undeliverable) return ["red", "A text did not arrive"];
  if (row.unread > 0) return ["blue", row.unread === 1 ? "1 unread text" : `${row.unread} unread texts`];
  return row.waiting ? ["amber", "Waits for an answer"] : ["none", ""];
}

export const ConversationRow = memo(function ConversationRow({
  row,
  opened,
  tabStop,
  onOpen,
  onActive,
}: Props) {
  const [state, meaning] = stateOf(row);
  const name = rowName(row);
  const said = row.last_text ?? "";
  return (
    <button
      type="button"
      className={classes.row}
      data-row={row.id}
      data-unread={row.unread > 0 || undefined}
      data-opened={opened || undefined}
      aria-current={opened || undefined}
      tabIndex={tabStop ? 0 : -1}
      onClick={() => onOpen(row.id)}
      onFocus={() => onActive(row.id)}
    >
      <span className={classes.dot} data-state={state}>
        {state === "red" && <CircleAlert size={15} aria-hidden />}
        <span className={classes.srOnly}>{meaning}</span>
      </span>
      <span className={classes.rowMain}>
        <span className={classes.rowHead}>
          <span className={classes.rowName} dir="auto">
            {name}
          </span>
          {row.people.length > 1 && <Users size={13} aria-label="Shared phone" className={classes.rowIcon} />}
          {row.mention && (
            <AtSign
              size={13}
              aria-label={row.mention === "unseen" ? "A note names you, not seen yet" : "A note names you"}
              className={classes.rowIcon}
              data-unseen={row.mention === "unseen" || undefined}
            />
          )}
          <span className={classes.rowTime} title={moment(row.last_at)}>
            {span(Date.now() - new Date(row.last_at).getTime())}
          </span>
        </span>
        <span className={classes.rowFoot}>
          {row.last_direction === "out" && (
            <CornerUpLeft size={12} aria-label="We wrote:" className={classes.rowIcon} />
          )}
          <span className={classes.rowText} dir="auto">
            {said || (row.last_direction ? "No words" : "No texts yet")}
          </span>
          {row.owner && (
            <Tooltip label={row.owner.name}>
              <Avatar
                size={20}
                radius="xl"
                component="span"
                color={row.owner.kind === "user" ? "desk" : "gray"}
                aria-label={`Owner: ${row.owner.name}`}
              >
                {initials(row.owner.name)}
              </Avatar>
            </Tooltip>
          )}
        </span>
      </span>
    </button>
  );
});
