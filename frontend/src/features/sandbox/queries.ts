import { useMutation, useQuery } from "@tanstack/react-query";
import { ApiProblem } from "../../api/problem";
import { done, failed } from "../../shared/ui/notify";

/** A line of the sandbox's carriers. */
export interface SandboxAccount {
  provider: string;
  account_key: string;
  number: string;
}
export interface SampleList {
  layouts: { name: string; title: string }[];
  conditions: { name: string; title: string }[];
}

export async function json<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(path, init);
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new ApiProblem(answer.status, body);
  return body as T;
}

export const useAccounts = () =>
  useQuery({
    queryKey: ["sandbox", "accounts"],
    queryFn: () => json<SandboxAccount[]>("/sandbox/accounts"),
    // the number for texts takes no faxes
    select: (accounts) => accounts.filter((account) => account.provider !== "twilio"),
  });
export const useSamples = () =>
  useQuery({
    queryKey: ["sandbox", "samples"],
    queryFn: () => json<SampleList>("/sandbox/samples"),
    staleTime: Infinity,
  });

/** The address of a sample as a picture. */
export const previewOf = (layout: string, condition: string, seed: number) =>
  `/sandbox/samples/${layout}/${condition}/preview?seed=${seed}`;

export interface SampleToSend {
  layout: string;
  condition: string;
  seed: number;
  provider: string;
}

export const useSendSample = () =>
  useMutation({
    mutationFn: ({ layout, condition, ...body }: SampleToSend) =>
      json(`/sandbox/samples/${layout}/${condition}/send`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    onSuccess: () => done("Sent. Watch it arrive under Faxes and on the board."),
    onError: failed,
  });

export interface FileToSend {
  file: File;
  provider: string;
  to: string;
}

export const useSendFile = () =>
  useMutation({
    mutationFn: ({ file, provider, to }: FileToSend) => {
      const form = new FormData();
      form.set("file", file);
      form.set("provider", provider);
      form.set("to", to);
      form.set("from", "+13125550142");
      return json("/sandbox/faxes", { method: "POST", body: form });
    },
    onSuccess: () => done("Sent. Watch it arrive under Faxes and on the board."),
    onError: failed,
  });
