import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { done, failed } from "../../shared/ui/notify";
import { json } from "./queries";

/** What the practice's mailbox holds, as its owner would see it. */
export interface SandboxMailbox {
  address: string;
  folders: string[];
  mails: { id: string; from: string; subject: string; flags: string }[];
}

export const useMailbox = (folder = "") =>
  useQuery({
    queryKey: ["sandbox", "mailbox", folder],
    queryFn: () => json<SandboxMailbox>(`/sandbox/mailbox?folder=${encodeURIComponent(folder)}`),
    refetchInterval: 5_000,
  });

export interface MailToSend {
  from: string;
  subject: string;
  text: string;
  files: File[];
}

export function useSendMail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ files, ...words }: MailToSend) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(words)) form.set(name, value);
      for (const file of files) form.append("files", file);
      return json("/sandbox/mailbox", { method: "POST", body: form });
    },
    onSuccess: () => done("Sent. The mailbox is read every minute, or at once under Settings, E-mail."),
    onError: failed,
    onSettled: () => queries.invalidateQueries({ queryKey: ["sandbox", "mailbox"] }),
  });
}
