import { useQuery } from "@tanstack/react-query";
import {
  listHl7SendersOptions,
  listLocationsOptions,
  listMailboxesOptions,
} from "../../api/generated/@tanstack/react-query.gen";

export type { Hl7SenderOut, MailboxOut } from "../../api/generated/types.gen";

// Live events tell when something is wrong; the time of the last look is only seen by looking.
export const useMailboxes = () => useQuery({ ...listMailboxesOptions(), refetchInterval: 15_000 });
export const useHl7Senders = () => useQuery({ ...listHl7SendersOptions(), refetchInterval: 30_000 });
export const useClinics = () => useQuery({ ...listLocationsOptions(), staleTime: 5 * 60_000 });
