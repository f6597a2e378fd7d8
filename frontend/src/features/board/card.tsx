import { combine } from "@atlaskit/pragmatic-drag-and-drop/combine";
import { draggable, dropTargetForElements } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import {
  attachClosestEdge,
  type Edge,
  extractClosestEdge,
} from "@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge";
import { Avatar, Tooltip } from "@mantine/core";
import { Clock, FileText, Globe, Mail, MessageSquare, Phone, Plug, UserRound } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { due, initials, span, words } from "../../shared/lib/format";
import { AgeLine } from "./age-line";
import classes from "./board.module.css";
import { CardBadges } from "./card-badges";
import type { LeadCard } from "./queries";

const SOURCES = {
  fax: FileText,
  web_form: Globe,
  phone: Phone,
  walk_in: UserRound,
  api: Plug,
  text: MessageSquare,
  email: Mail,
};

interface Props {
  card: LeadCard;
  active: boolean;
  position: number;
  total: number;
  menu: React.ReactNode;
  onOpen: (id: string) => void;
  onFocus: (id: string) => void;
}

/** One lead on the board: who, what, what comes next and by when. */
export const BoardCard = memo(function BoardCard({
  card,
  active,
  position,
  total,
  menu,
  onOpen,
  onFocus,
}: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState(false);
  const [edge, setEdge] = useState<Edge | null>(null);

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    return combine(
      draggable({
        element,
        getInitialData: () => ({ type: "card", card }),
        onDragStart: () => setDragging(true),
        onDrop: () => setDragging(false),
      }),
      dropTargetForElements({
        element,
        canDrop: ({ source }) => source.data.type === "card" && (source.data.card as LeadCard).id !== card.id,
        getData: ({ input }) =>
          attachClosestEdge(
            { type: "card", id: card.id, stage: card.stage },
            { element, input, allowedEdges: ["top", "bottom"] },
          ),
        onDrag: ({ self }) => setEdge(extractClosestEdge(self.data)),
        onDragLeave: () => setEdge(null),
        onDrop: () => setEdge(null),
      }),
    );
  }, [card]);

  const Source = SOURCES[card.source];
  const { patient } = card;
  const person = [patient.age, patient.sex].filter((part) => part !== null).join(" ");
  return (
    <div ref={ref} className={classes.slot} data-edge={edge ?? undefined}>
      <article
        className={classes.card}
        data-card={card.id}
        data-dragging={dragging || undefined}
        data-overdue={card.overdue || undefined}
        aria-setsize={total}
        aria-posinset={position}
      >
        <button
          type="button"
          className={classes.open}
          tabIndex={active ? 0 : -1}
          data-open={card.id}
          aria-label={`${patient.display_name}${card.overdue ? ", overdue" : ""}. ${card.headline}. ${card.reply ? `Replied: ${card.reply.said ?? card.reply.text}. ` : ""}Open`}
          onClick={() => onOpen(card.id)}
          onFocus={() => onFocus(card.id)}
        />
        <header className={classes.cardHead}>
          <span className={classes.name}>{patient.display_name}</span>
          <span className={classes.person}>{person}</span>
          <span className={classes.menu}>{menu}</span>
        </header>
        {card.headline && <p className={classes.headline}>{card.headline}</p>}
        <p className={classes.from}>
          <Tooltip label={words(card.source)}>
            <Source size={13} aria-label={words(card.source)} />
          </Tooltip>
          <span className={classes.ellipsis}>
            {[card.referrer_name, card.payer_name].filter(Boolean).join(" · ") || words(card.source)}
          </span>
        </p>
        {card.reply && (
          <p className={classes.reply} title={card.reply.text}>
            <MessageSquare size={13} aria-hidden />
            <span className={classes.said} dir="auto">
              Replied: {card.reply.said ?? card.reply.text}
            </span>
          </p>
        )}
        <div className={classes.badges}>
          <CardBadges badges={card.badges} />
          <AgeLine card={card} />
        </div>
        <footer className={classes.cardFoot}>
          {card.next_step ? (
            <span className={classes.next} data-overdue={card.overdue || undefined}>
              <Clock size={13} aria-hidden />
              <span className={classes.step} title={card.next_step.label}>
                {card.next_step.label}
                <span className={classes.due}>{due(card.next_step.due_at)}</span>
              </span>
            </span>
          ) : (
            <span className={classes.next}>
              {span(Date.now() - new Date(card.waiting_since).getTime())} here
            </span>
          )}
          <Tooltip label={card.owner.name}>
            <Avatar size={22} radius="xl" color={card.owner.kind === "user" ? "desk" : "gray"}>
              {initials(card.owner.name)}
            </Avatar>
          </Tooltip>
        </footer>
      </article>
    </div>
  );
});
