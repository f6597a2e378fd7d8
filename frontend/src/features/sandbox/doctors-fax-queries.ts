import { useMutation, useQuery } from "@tanstack/react-query";
import { done, failed } from "../../shared/ui/notify";
import { json } from "./queries";

/** A fax our practice sent, as the other machine has it. */
export interface PrintedFax {
  id: string;
  from: string;
  to: string;
  received_at: string;
  direction: "inbound" | "outbound";
  status: "queued" | "delivered" | "failed";
  outcome: string | null;
  pages: number;
  provider: string;
}

/** A place on a page, in fractions from its top left. */
export interface Mark {
  x: number;
  y: number;
}

export const usePrinted = () =>
  useQuery({
    queryKey: ["sandbox", "printed"],
    queryFn: () => json<PrintedFax[]>("/sandbox/faxes"),
    select: (faxes) =>
      faxes
        .filter((fax) => fax.direction === "outbound")
        .sort((one, other) => other.received_at.localeCompare(one.received_at)),
    refetchInterval: 3000,
  });

export const useBoxes = (faxId: string, page: number) =>
  useQuery({
    queryKey: ["sandbox", "boxes", faxId, page],
    queryFn: () => json<Mark[]>(`/sandbox/faxes/${faxId}/pages/${page}/boxes`),
    staleTime: Infinity,
  });

export const printOf = (faxId: string, page: number) => `/sandbox/faxes/${faxId}/pages/${page}`;

export interface Back {
  faxId: string;
  page: number;
  ticks: Mark[];
  signature: Mark | null;
}

export const useFaxBack = () =>
  useMutation({
    mutationFn: ({ faxId, ...body }: Back) =>
      json(`/sandbox/faxes/${faxId}/back`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    onSuccess: () => done("Fed in and faxed back. Watch it arrive under Letters, Answered."),
    onError: failed,
  });
