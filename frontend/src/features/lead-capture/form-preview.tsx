import { useEffect, useRef } from "react";
import classes from "./lead-capture.module.css";
import type { WebFormOut } from "./queries";

interface Props {
  form: WebFormOut;
  language: "en" | "es";
}

/** The very script the website runs, in a mood where it sends nothing. */
export function FormPreview({ form, language }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = box.current;
    if (!place) return;
    const tag = document.createElement("script");
    tag.src = "/embed/lead-form.js";
    Object.assign(tag.dataset, {
      practice: form.slug,
      lang: language,
      preview: "",
      version: String(form.version),
    });
    place.append(tag);
    return () => place.replaceChildren();
  }, [form.slug, form.version, language]);
  return <div ref={box} className={classes.preview} />;
}
