import { ActionIcon, Menu } from "@mantine/core";
import { Ellipsis } from "lucide-react";
import { CallMenuSection } from "../calls";
import type { Column, LeadCard } from "./queries";

interface Props {
  card: LeadCard;
  columns: Column[];
  opened: boolean;
  onChange: (opened: boolean) => void;
  onMove: (card: LeadCard, stage: string) => void;
}

/** "Move to…": the way that needs no dragging (WCAG 2.2, 2.5.7). Mounted only while open: a board has many cards. */
export function MoveMenu({ card, columns, opened, onChange, onMove }: Props) {
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={26}
      tabIndex={-1}
      aria-label={`Move or log a call: ${card.patient.display_name}`}
      aria-haspopup="menu"
      aria-expanded={opened}
      onClick={() => onChange(!opened)}
    >
      <Ellipsis size={16} />
    </ActionIcon>
  );
  if (!opened) return button;
  return (
    <Menu
      opened
      onChange={onChange}
      position="bottom-end"
      width={210}
      returnFocus
      // Without keydown: the very key that opens the menu would close it again.
      clickOutsideEvents={["mousedown", "touchstart"]}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Move to…</Menu.Label>
        {columns.map((column) => (
          <Menu.Item
            key={column.stage}
            disabled={column.stage === card.stage}
            onClick={() => onMove(card, column.stage)}
          >
            {column.name}
          </Menu.Item>
        ))}
        {card.stage !== "" && (
          <Menu.Item onClick={() => onMove(card, card.stage)}>Top of this column</Menu.Item>
        )}
        <CallMenuSection leadId={card.id} onDone={() => onChange(false)} />
      </Menu.Dropdown>
    </Menu>
  );
}
