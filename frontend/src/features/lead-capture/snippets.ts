import type { WebFormOut } from "./queries";

const attribute = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** One tag for the practice's page. */
export function scriptTag(form: WebFormOut, language: "en" | "es"): string {
  return `<script src="${form.script_url}" data-practice="${attribute(form.slug)}" data-lang="${language}" async></script>`;
}

/** For pages where no script may run. */
export function plainForm(form: WebFormOut, language: "en" | "es"): string {
  const say =
    language === "es"
      ? {
          first: "Nombre",
          last: "Apellido",
          phone: "Teléfono",
          email: "Correo electrónico",
          reason: "¿Qué le trae?",
          send: "Enviar",
        }
      : {
          first: "First name",
          last: "Last name",
          phone: "Phone",
          email: "E-mail",
          reason: "What brings you in?",
          send: "Send",
        };
  const words = language === "es" ? form.consent_es : form.consent_en;
  return [
    `<form method="post" action="${form.post_url}">`,
    `  <input type="hidden" name="language" value="${language}">`,
    `  <label>${say.first} <input name="first_name" required maxlength="100" autocomplete="given-name"></label>`,
    `  <label>${say.last} <input name="last_name" required maxlength="100" autocomplete="family-name"></label>`,
    `  <label>${say.phone} <input name="phone" type="tel" autocomplete="tel"></label>`,
    `  <label>${say.email} <input name="email" type="email" autocomplete="email"></label>`,
    `  <label>${say.reason} <input name="reason" maxlength="300"></label>`,
    `  <label><input type="checkbox" name="consent"> ${attribute(words)}</label>`,
    `  <p style="position:absolute;left:-10000px" aria-hidden="true"><input name="website" tabindex="-1" autocomplete="off"></p>`,
    `  <button>${say.send}</button>`,
    "</form>",
  ].join("\n");
}

/** One website a line, as the API takes them. */
export const websites = (text: string): string[] =>
  text
    .split(/[\s,]+/)
    .map((line) => line.trim().replace(/\/+$/, ""))
    .filter(Boolean)
    .map((line) => (/^https?:\/\//i.test(line) ? line : `https://${line}`));
