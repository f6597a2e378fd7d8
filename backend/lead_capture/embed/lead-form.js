/* Frontdesk: the practice's form for its website. One tag does it:
   <script src="https://…/embed/lead-form.js" data-practice="northside" data-lang="en" async></script>
   data-target="#id" puts it into an element; data-location, data-color, data-title, data-fields="dob,payer_name,…". */
(() => {
  "use strict";
  const tag = document.currentScript;
  const set = tag.dataset;
  const base = new URL(tag.src).origin;
  const slug = encodeURIComponent(set.practice || "");
  const address = `${base}/api/v1/public/web-leads/${slug}`;
  const WORDS = {
    en: {
      title: "Request an appointment", first_name: "First name", last_name: "Last name", phone: "Phone",
      email: "E-mail", dob: "Date of birth", reason: "What brings you in?", payer_name: "Insurance",
      referred_by: "Who referred you?", preferred_times: "Good times to reach you", message: "Anything else?",
      location_id: "Clinic", any: "Any clinic", send: "Send", sending: "Sending…", need: "Give a phone number or an e-mail address.",
      thanks: "Thank you. We have your request and will be in touch soon.", required: "required",
      failed: "It could not be sent. Please try again, or call us.", check: "Please check: ",
      down: "The form cannot be shown just now. Please call us.", emergency: "In an emergency, call 911. Please send no medical details.",
    },
    es: {
      title: "Solicite una cita", first_name: "Nombre", last_name: "Apellido", phone: "Teléfono",
      email: "Correo electrónico", dob: "Fecha de nacimiento", reason: "¿Qué le trae a nosotros?", payer_name: "Seguro médico",
      referred_by: "¿Quién le refirió?", preferred_times: "Buen horario para llamarle", message: "¿Algo más?",
      location_id: "Clínica", any: "Cualquier clínica", send: "Enviar", sending: "Enviando…", need: "Indique un teléfono o un correo electrónico.",
      thanks: "Gracias. Recibimos su solicitud y le contactaremos pronto.", required: "obligatorio",
      failed: "No se pudo enviar. Inténtelo de nuevo o llámenos.", check: "Revise: ",
      down: "El formulario no está disponible ahora. Llámenos por favor.", emergency: "En una emergencia, llame al 911. No envíe detalles médicos.",
    },
  };
  const lang = (set.lang || document.documentElement.lang || "en").slice(0, 2) === "es" ? "es" : "en";
  const say = WORDS[lang];
  const STYLE = `
    :host{all:initial;display:block}
    form,p{font:16px/1.45 system-ui,-apple-system,sans-serif;color:#16252c;max-width:34rem;margin:0}
    h2{font-size:1.35rem;margin:0 0 .8rem}
    .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(12rem,1fr));gap:.8rem}
    .wide{grid-column:1/-1}
    label{display:block;font-weight:600;font-size:.92rem}
    small{font-weight:400;color:#52646c}
    input,select,textarea{font:inherit;width:100%;box-sizing:border-box;margin-top:.25rem;padding:.55rem .65rem;border:1px solid #7d8c93;border-radius:.5rem;background:#fff;color:inherit}
    input:focus-visible,select:focus-visible,textarea:focus-visible,button:focus-visible{outline:3px solid var(--color);outline-offset:1px}
    [aria-invalid=true]{border-color:#b42318;border-width:2px}
    .box{display:flex;gap:.6rem;align-items:flex-start;font-weight:400;font-size:.88rem}
    .box input{width:1.2rem;height:1.2rem;flex:none;margin-top:.1rem}
    button{font:inherit;font-weight:650;border:0;border-radius:.5rem;padding:.7rem 1.4rem;background:var(--color);color:#fff;cursor:pointer;min-height:44px}
    button[disabled]{opacity:.6;cursor:default}
    .say{margin-top:.7rem;font-weight:600}.say[data-bad]{color:#b42318}
    .away{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}`;

  const make = (name, properties = {}, ...children) => {
    const { style, ...rest } = properties;
    const element = Object.assign(document.createElement(name), rest);
    if (style) element.setAttribute("style", style);
    element.append(...children);
    return element;
  };
  const field = (name, input, wide, must) => {
    Object.assign(input, { name, id: `fd-${name}`, required: Boolean(must) });
    const title = must ? [`${say[name]} `, make("small", { textContent: `(${say.required})` })] : [say[name]];
    return make("div", { className: wide ? "wide" : "" }, make("label", { htmlFor: input.id }, ...title), input);
  };
  const input = (type, autocomplete, most) => make("input", { type, autocomplete: autocomplete || "off", maxLength: most || 100 });
  const OPTIONAL = {
    dob: () => field("dob", make("input", { type: "date", autocomplete: "bday", max: new Date().toISOString().slice(0, 10) })),
    payer_name: () => field("payer_name", input("text")),
    referred_by: () => field("referred_by", input("text", "off", 200)),
    preferred_times: () => field("preferred_times", input("text", "off", 200)),
    message: () => field("message", make("textarea", { rows: 3, maxLength: 2000 }), true),
  };

  const host = make("div", {});
  const where = set.target && document.querySelector(set.target);
  if (where) where.append(host);
  else tag.after(host);
  const root = host.attachShadow({ mode: "open" });
  const color = /^#[0-9a-f]{6}$/i.test(set.color || "") ? set.color : "#0d5f59";
  root.append(make("style", { textContent: `${STYLE}\n:host{--color:${color}}` }));
  let token = "";

  const draw = (about) => {
    token = about.token;
    const places = make("select", {}, make("option", { value: "", textContent: say.any }),
      ...about.locations.map(({ id, name }) => make("option", { value: id, textContent: name, selected: id === set.location })));
    const asked = (set.fields ?? "dob,preferred_times,message").split(",").map((name) => name.trim());
    const consent = make("input", { type: "checkbox", name: "consent", id: "fd-consent" });
    const said = make("p", { className: "say", role: "status" });
    said.setAttribute("aria-live", "polite");
    // People never see it; programs that fill in everything do.
    const trap = make("input", { name: "website", tabIndex: -1, autocomplete: "off" });
    const away = make("div", { className: "away" }, make("label", {}, "Website", trap));
    away.setAttribute("aria-hidden", "true");
    const button = make("button", { type: "submit", textContent: say.send });
    const form = make("form", { noValidate: true },
      make("h2", { textContent: set.title || say.title }),
      make("div", { className: "grid" },
        field("first_name", input("text", "given-name"), false, true),
        field("last_name", input("text", "family-name"), false, true),
        field("phone", input("tel", "tel", 40)),
        field("email", input("email", "email", 254)),
        field("reason", input("text", "off", 300), true),
        ...asked.filter((name) => OPTIONAL[name]).map((name) => OPTIONAL[name]()),
        ...(about.locations.length > 1 && !set.location ? [field("location_id", places, true)] : []),
        make("label", { className: "box wide", htmlFor: consent.id }, consent, make("span", { textContent: about.consent[lang] })),
        away, make("div", { className: "wide" }, button, said, make("p", { className: "say", style: "font-weight:400" }, make("small", { textContent: say.emergency })))));
    form.setAttribute("aria-label", set.title || say.title);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form, button, said);
    });
    root.append(form);
  };

  const tell = (said, text, bad) => {
    said.toggleAttribute("data-bad", bad);
    said.textContent = text;
  };
  const wrong = (form, names) => {
    for (const element of form.elements) element.removeAttribute("aria-invalid");
    const found = names.map((name) => form.elements[name]).filter(Boolean);
    for (const element of found) element.setAttribute("aria-invalid", "true");
    if (found[0]) found[0].focus();
  };

  const send = async (form, button, said) => {
    const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value));
    const missing = ["first_name", "last_name"].filter((name) => !given[name]);
    if (missing.length) {
      wrong(form, missing);
      return tell(said, say.check + missing.map((name) => say[name]).join(", "), true);
    }
    if (!given.phone && !given.email) {
      wrong(form, ["phone"]);
      return tell(said, say.need, true);
    }
    if (set.preview !== undefined) return tell(said, say.thanks, false);
    const page = location.origin + location.pathname;
    const body = { ...given, consent: Boolean(given.consent), language: lang, page_url: page, token };
    if (set.location) body.location_id = set.location;
    button.disabled = true;
    button.textContent = say.sending;
    try {
      const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const found = await answer.json();
      if (answer.ok) {
        const thanks = make("p", { className: "say", role: "status", tabIndex: -1, textContent: say.thanks });
        form.replaceWith(thanks);
        thanks.focus();
        host.dispatchEvent(new CustomEvent("frontdesk:sent", { bubbles: true, composed: true }));
        return;
      }
      const names = (found.errors || []).map(({ pointer }) => pointer.slice(1));
      wrong(form, names);
      tell(said, names.length ? say.check + names.map((name) => say[name] || name).join(", ") : say.failed, true);
    } catch {
      tell(said, say.failed, true);
    }
    button.disabled = false;
    button.textContent = say.send;
  };

  fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer)))
    .then(draw).catch(() => root.append(make("p", { textContent: say.down, role: "alert" })));
})();
