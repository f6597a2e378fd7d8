import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate } from "@tanstack/react-router";
import { AlarmClock } from "lucide-react";
import { useRef } from "react";
import { useLive } from "../../shared/realtime/live";

const ID = "first-contact-late";
const SHOWN = 20_000;

/** Every desk hears when a first contact is late: one calm message, however many there are. It names nobody. */
export function BreachAlerts() {
  const navigate = useNavigate();
  const late = useRef(new Map<string, number>());
  useLive((event) => {
    if (event.type !== "lead.breached") return;
    for (const [id, at] of late.current) if (Date.now() - at > SHOWN) late.current.delete(id);
    late.current.set(event.id, Date.now());
    const count = late.current.size;
    const open = () => navigate({ to: "/board", search: { lead: event.id } });
    const list = () => navigate({ to: "/my-day" });
    notifications.hide(ID);
    notifications.show({
      id: ID,
      color: "orange",
      icon: <AlarmClock size={18} aria-hidden />,
      autoClose: SHOWN,
      title: count === 1 ? "A first contact is late" : `${count} first contacts are late`,
      // Messages are shown outside the router: the link must bring its own way there.
      message: (
        <Anchor component="button" type="button" size="sm" onClick={count === 1 ? open : list}>
          {count === 1 ? "Open the lead" : "See what is lost first"}
        </Anchor>
      ),
    });
  });
  return null;
}
