import { expect, test } from "vitest";
import type { MailboxOut } from "./queries";
import { asRequest, signInOf } from "./sign-in";

test("a new mailbox begins with a password", () => {
  expect(asRequest({ ...signInOf(null), password: "secret" })).toEqual({ password: "secret", oauth: null });
  expect(asRequest(signInOf(null)).password).toBeNull();
});

test("Google is asked by refresh token only, and for nobody's address", () => {
  const said = {
    ...signInOf(null),
    way: "google",
    flow: "client_credentials",
    token_url: "https://x/y",
  } as const;
  expect(asRequest({ ...said, client_id: "a", refresh_token: "r" }).oauth).toMatchObject({
    provider: "google",
    flow: "refresh_token",
    refresh_token: "r",
    client_secret: null,
    token_url: null,
    tenant: "",
  });
});

test("the app itself sends no refresh token, and what is stored is shown without secrets", () => {
  const oauth = {
    provider: "microsoft",
    flow: "client_credentials",
    client_id: "c",
    tenant: "northside.example.org",
    token_url: "https://login.microsoftonline.com/northside.example.org/oauth2/v2.0/token",
    scope: "https://outlook.office365.com/.default",
  };
  const said = signInOf({ oauth } as MailboxOut);
  expect(said).toMatchObject({
    way: "microsoft",
    tenant: "northside.example.org",
    client_secret: "",
    token_url: "",
  });
  expect(asRequest({ ...said, refresh_token: "left over" }).oauth).toMatchObject({
    refresh_token: null,
    scope: "",
  });
});
