import { Button, Group, Text } from "@mantine/core";
import { MessageSquareText } from "lucide-react";
import { useRef } from "react";
import { due } from "../../shared/lib/format";
import { useLive } from "../../shared/realtime/live";
import { useMay } from "../session";
import { useBookSuggested, useFreshOffers, useOfferSlots } from "./mutations";
import { type FirstSlotsOut, type LeadOut, type SlotOfferOut, useFirstSlots, useSlotOffers } from "./queries";
import classes from "./slot-offers.module.css";
import { at, reason } from "./wording";

const GATHER = 1_000;

/** The first times that fit, one click to text them, and what a reply that was not certain seems to choose. */
export function LeadOffers({ lead }: { lead: LeadOut }) {
  const waits = ["open", "in_progress"].includes(lead.group) && lead.evaluation_state !== "booked";
  const first = useFirstSlots(lead.id, waits);
  const offers = useSlotOffers(lead.id);
  const fresh = useFreshOffers();
  const timer = useRef<number | null>(null);
  useLive((event) => {
    if (event.id !== lead.id && event.type !== "appointment.changed" && event.type !== "resync") return;
    timer.current ??= window.setTimeout(() => {
      timer.current = null;
      fresh();
    }, GATHER);
  });
  const times = (offers.data?.items ?? []).filter((offer) => offer.kind === "times");
  const suggested = times.find(
    (offer) => offer.suggested !== null && ["open", "replaced"].includes(offer.state),
  );
  const live = times.find((offer) => offer.state === "open");
  if (!waits) return null;
  return (
    <div className={classes.box}>
      {suggested && <Suggested offer={suggested} lead={lead} />}
      {first.data && <First found={first.data} leadId={lead.id} live={live} />}
    </div>
  );
}

function First({ found, leadId, live }: { found: FirstSlotsOut; leadId: string; live?: SlotOfferOut }) {
  const may = useMay("messages:write");
  const offer = useOfferSlots();
  const why = reason(found);
  const slots = found.slots.map(({ appointment_type_id, clinician_id, location_id, starts_at }) => ({
    appointment_type_id,
    clinician_id,
    location_id,
    starts_at,
  }));
  return (
    <>
      <Group justify="space-between" gap={8} align="flex-start">
        <ol className={classes.slots} aria-label="First times that fit">
          {found.slots.map((slot) => (
            <li key={`${slot.starts_at}${slot.clinician_id}`}>
              <b>{at(slot)}</b> {slot.clinician_name}
            </li>
          ))}
        </ol>
        {may && slots.length > 0 && (
          <Button
            size="compact-sm"
            variant="light"
            className={classes.offer}
            leftSection={<MessageSquareText size={14} />}
            loading={offer.isPending}
            onClick={() => offer.mutate({ path: { lead_id: leadId }, body: { slots } })}
          >
            Offer these times
          </Button>
        )}
      </Group>
      {why && (
        <Text size="xs" c="dimmed">
          {why}
        </Text>
      )}
      {live && (
        <Text size="xs" c="dimmed">
          Offered by text: {live.slots.map(at).join(", ")}.{" "}
          {due(live.expires_at).replace("due in", "Open for")}.
        </Text>
      )}
    </>
  );
}

function Suggested({ offer, lead }: { offer: SlotOfferOut; lead: LeadOut }) {
  const may = useMay("schedule:write");
  const book = useBookSuggested();
  const slot = offer.slots[offer.suggested ?? 0];
  if (!slot) return null;
  const { appointment_type_id, clinician_id, location_id, starts_at } = slot;
  const body = { appointment_type_id, clinician_id, location_id, starts_at, lead_id: lead.id };
  return (
    <div className={classes.suggested}>
      <Text size="sm">
        The reply seems to choose <b>{at(slot)}</b>. Read it before you book.
      </Text>
      {may && (
        <Button size="compact-sm" loading={book.isPending} onClick={() => book.mutate({ body })}>
          Book {at(slot)}
        </Button>
      )}
    </div>
  );
}
