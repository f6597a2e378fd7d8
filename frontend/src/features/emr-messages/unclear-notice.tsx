import { Alert } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { UserRoundSearch } from "lucide-react";
import { useMay } from "../session";
import { useOpenQuestions } from "./queries";

/** There are messages of the EMR of which only a person can say whose they are. */
export function UnclearNotice() {
  const open = useOpenQuestions(useMay("schedule:read"));
  if (open === 0) return null;
  const title =
    open === 1
      ? "The EMR wrote about a patient we cannot tell"
      : `The EMR wrote about ${open} patients we cannot tell`;
  return (
    <Alert color="orange" variant="light" mb="md" title={title} icon={<UserRoundSearch size={18} />}>
      <Link to="/emr-messages">Say who is meant</Link>, and their appointments are taken in.
    </Alert>
  );
}
