import { expect, test } from "vitest";
import type { WebFormOut } from "./queries";
import { plainForm, scriptTag, websites } from "./snippets";

const form = {
  slug: "northside",
  script_url: "https://desk.example.org/embed/lead-form.js",
  post_url: "https://desk.example.org/api/v1/public/web-leads/northside",
  consent_en: 'I "agree" <to> texts & calls',
  consent_es: "Acepto",
} as WebFormOut;

test("the tag names script, practice and language", () => {
  expect(scriptTag(form, "es")).toBe(
    '<script src="https://desk.example.org/embed/lead-form.js" data-practice="northside" data-lang="es" async></script>',
  );
});

test("the plain form posts home, keeps the words of the consent and cannot be broken by them", () => {
  const html = plainForm(form, "en");
  expect(html).toContain(`action="${form.post_url}"`);
  expect(html).toContain("I &quot;agree&quot; &lt;to> texts &amp; calls");
  const body = new DOMParser().parseFromString(html, "text/html").body;
  expect(body.querySelectorAll("input").length).toBe(8);
});

test("websites are taken as people write them", () => {
  expect(websites("www.example.org/\n https://clinic.example.org ")).toEqual([
    "https://www.example.org",
    "https://clinic.example.org",
  ]);
});
