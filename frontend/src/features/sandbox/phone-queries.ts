import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { done, failed } from "../../shared/ui/notify";
import { json } from "./queries";

const SOON = 1000;

/** A phone that ever got or sent a text. */
export interface KnownPhone {
  number: string;
  last_at: string;
  last_text: string;
}
/** A text as the patient's phone shows it. */
export interface PhoneText {
  sid: string;
  from_patient: boolean;
  from_carrier: boolean;
  body: string;
  at: string;
  media: { url: string; content_type: string }[];
}
export interface PhoneThread {
  number: string;
  our_number: string;
  stopped: boolean;
  texts: PhoneText[];
}
export interface TextFaults {
  twilio: { known: string[]; due: Record<string, number> };
}

const post = (path: string, body: unknown) =>
  json(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

export const usePhones = () =>
  useQuery({
    queryKey: ["sandbox", "phones"],
    queryFn: () => json<KnownPhone[]>("/sandbox/phones"),
    refetchInterval: SOON,
  });

export const usePhone = (number: string | undefined) =>
  useQuery({
    queryKey: ["sandbox", "phone", number],
    queryFn: () => json<PhoneThread>(`/sandbox/phone?number=${encodeURIComponent(number ?? "")}`),
    enabled: number !== undefined,
    refetchInterval: SOON,
  });

export const useFaults = () =>
  useQuery({
    queryKey: ["sandbox", "faults"],
    queryFn: () => json<TextFaults>("/sandbox/faults"),
    refetchInterval: 2 * SOON,
  });

function useRefresh() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["sandbox"] });
}

export const useText = (number: string) => {
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (body: string) => post("/sandbox/sms", { from: number, body }),
    onSettled,
    onError: failed,
  });
};

export interface PictureToSend {
  file: File;
  body: string;
}

export const usePicture = (number: string) => {
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: ({ file, body }: PictureToSend) => {
      const form = new FormData();
      form.set("from", number);
      form.set("body", body);
      form.set("files", file);
      return json("/sandbox/mms", { method: "POST", body: form });
    },
    onSettled,
    onError: failed,
  });
};

export const useCall = (number: string) => {
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (outcome: "hang_up" | "voicemail") => post("/sandbox/calls", { from: number, outcome }),
    onSuccess: (_, outcome) =>
      done(outcome === "hang_up" ? "Called and hung up." : "Called and left a voicemail."),
    onSettled,
    onError: failed,
  });
};

export interface FaultToAsk {
  fault: string;
  count: number;
  to?: string;
}

export const useAskFault = () => {
  const onSettled = useRefresh();
  return useMutation({
    mutationFn: (body: FaultToAsk) => post("/sandbox/faults", { provider: "twilio", ...body }),
    onSuccess: () => done("The carrier will misbehave."),
    onSettled,
    onError: failed,
  });
};
