import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { AlarmClock } from "lucide-react";
import { useRef } from "react";
import { useLive } from "../../shared/realtime/live";

const ID = "first-contact-late";
const SHOWN = 20_000;

/** Every desk hears when a first contact is late: one calm message, however many there are. It names nobody. */
export function BreachAlerts() {
  const late = useRef(new Map<string, number>());
  useLive((event) => {
    if (event.type !== "lead.breached") return;
    for (const [id, at] of late.current) if (Date.now() - at > SHOWN) late.current.delete(id);
    late.current.set(event.id, Date.now());
    const count = late.current.size;
    notifications.hide(ID);
    notifications.show({
      id: ID,
      color: "orange",
      icon: <AlarmClock size={18} aria-hidden />,
      autoClose: SHOWN,
      title: count === 1 ? "A first contact is late" : `${count} first contacts are late`,
      message:
        count === 1 ? (
          <Anchor
            renderRoot={(props) => <Link to="/board" search={{ lead: event.id }} {...props} />}
            size="sm"
          >
            Open the lead
          </Anchor>
        ) : (
          <Anchor renderRoot={(props) => <Link to="/my-day" {...props} />} size="sm">
            See what is lost first
          </Anchor>
        ),
    });
  });
  return null;
}
