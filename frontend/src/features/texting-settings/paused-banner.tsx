import { Alert, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { phone } from "../../shared/lib/format";
import { useMay } from "../session";
import { usePhoneLines } from "./queries";
import classes from "./texting-settings.module.css";

/** On every page, for those who can settle it: the carrier refuses the practice's texts. */
export function PausedBanner() {
  const may = useMay("settings:read");
  const paused = usePhoneLines(may).data?.items.filter((line) => line.paused) ?? [];
  if (paused.length === 0) return null;
  return (
    <Alert color="red" radius={0} py={8} icon={<CircleAlert size={18} />} role="alert">
      {paused.map((line) => (
        <Text size="sm" key={line.id}>
          The carrier refuses our texts from {phone(line.number)}: {line.paused?.title} · {line.paused?.code}.
          Automatic texts wait.{" "}
          <Link to="/settings" search={{ tab: "phone-lines" }} className={classes.whatToDo}>
            What to do
          </Link>
        </Text>
      ))}
    </Alert>
  );
}
