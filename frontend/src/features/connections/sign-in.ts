import type { MailboxOut } from "./queries";

/** How a mailbox is signed in to, as a person chooses it. */
export type Way = "password" | "google" | "microsoft" | "other";

export const WAYS: { value: Way; label: string }[] = [
  { value: "google", label: "Google Workspace" },
  { value: "microsoft", label: "Microsoft 365" },
  { value: "other", label: "Another provider with OAuth" },
  { value: "password", label: "A password" },
];

/** Where the two that take no passwords are read. */
export const SERVERS: Partial<Record<Way, { host: string; port: number; security: "tls" }>> = {
  google: { host: "imap.gmail.com", port: 993, security: "tls" },
  microsoft: { host: "outlook.office365.com", port: 993, security: "tls" },
};

export const HELP: Partial<Record<Way, string>> = {
  google:
    "At console.cloud.google.com: an OAuth client of your organisation (“Internal”), consented to once for this mailbox with the scope https://mail.google.com/ and access_type=offline. That gives the refresh token.",
  microsoft:
    "At entra.microsoft.com: an app registration with a client secret. Either consent once as this mailbox to IMAP.AccessAsUser.All and offline_access, or let the app read by itself: IMAP.AccessAsApp, then access to this mailbox in Exchange.",
  other: "What your provider calls client, secret, refresh token and token address.",
};

/** What of it is entered. */
export interface SignIn {
  way: Way;
  password: string;
  flow: "refresh_token" | "client_credentials";
  client_id: string;
  client_secret: string;
  refresh_token: string;
  tenant: string;
  token_url: string;
  scope: string;
}

export function signInOf(box: MailboxOut | null): SignIn {
  const told = box?.oauth;
  const other = told?.provider === "other";
  return {
    way: told?.provider ?? "password",
    password: "",
    flow: told?.flow ?? "refresh_token",
    client_id: told?.client_id ?? "",
    client_secret: "",
    refresh_token: "",
    tenant: told?.tenant ?? "",
    token_url: other ? told.token_url : "",
    scope: other ? told.scope : "",
  };
}

/** The part of the request that signs in. */
export function asRequest(said: SignIn) {
  if (said.way === "password") return { password: said.password || null, oauth: null };
  const other = said.way === "other";
  const flow = said.way === "google" ? "refresh_token" : said.flow;
  return {
    password: null,
    oauth: {
      provider: said.way,
      flow,
      client_id: said.client_id,
      client_secret: said.client_secret || null,
      refresh_token: flow === "refresh_token" ? said.refresh_token || null : null,
      tenant: said.way === "microsoft" ? said.tenant : "",
      token_url: other ? said.token_url : null,
      scope: other ? said.scope : "",
    },
  } as const;
}
