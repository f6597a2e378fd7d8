import { Button, Menu } from "@mantine/core";
import { Phone, PhoneForwarded, PhoneMissed, PhoneOff, Voicemail } from "lucide-react";
import { useMay } from "../session";
import { useLogCallOutcome } from "./mutations";
import { OUTCOMES } from "./outcomes";

const ICONS = {
  reached: PhoneForwarded,
  left_message: Voicemail,
  no_answer: PhoneMissed,
  wrong_number: PhoneOff,
};

/** Items for a menu: one click logs how the call went. */
export function CallOutcomeItems({ leadId, onDone }: { leadId: string; onDone?: () => void }) {
  const log = useLogCallOutcome();
  return OUTCOMES.map(({ outcome, label }) => {
    const Icon = ICONS[outcome];
    return (
      <Menu.Item
        key={outcome}
        leftSection={<Icon size={14} aria-hidden />}
        disabled={log.isPending}
        onClick={() => {
          log.mutate({ path: { lead_id: leadId }, body: { outcome } });
          onDone?.();
        }}
      >
        {label}
      </Menu.Item>
    );
  });
}

/** The part of a card's menu that logs a call: menu, outcome, done. */
export function CallMenuSection({ leadId, onDone }: { leadId: string; onDone: () => void }) {
  if (!useMay("leads:write")) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Log a call</Menu.Label>
      <CallOutcomeItems leadId={leadId} onDone={onDone} />
    </>
  );
}

/** A button that logs a call in two clicks, for the head of a thread. */
export function LogCallMenu({ leadId, label = "Log a call" }: { leadId: string; label?: string }) {
  if (!useMay("leads:write")) return null;
  return (
    <Menu position="bottom-end" width={200} returnFocus>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<Phone size={14} aria-hidden />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>How did the call go?</Menu.Label>
        <CallOutcomeItems leadId={leadId} />
      </Menu.Dropdown>
    </Menu>
  );
}
