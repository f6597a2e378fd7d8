import { SegmentedControl } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import classes from "./editor.module.css";
import { type Form, useBodyAreas } from "./queries";

/** The form as patients will see it, in their own pages; it follows what is being written. */
export function PhonePreview({ form, section }: { form: Form; section: string | undefined }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [language, setLanguage] = useState<"en" | "es">("en");
  const areas = useBodyAreas();
  const items = areas.data?.items;
  const show = useCallback(() => {
    const message = { type: "preview", form, areas: items ?? [], language, section };
    frame.current?.contentWindow?.postMessage(message, window.location.origin);
  }, [form, items, language, section]);
  useEffect(show, [show]);
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.origin !== window.location.origin || event.source !== frame.current?.contentWindow) return;
      if ((event.data as { type?: string }).type === "preview-ready") show();
    };
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, [show]);
  return (
    <aside className={classes.preview} aria-label="Preview">
      <SegmentedControl
        size="xs"
        fullWidth
        mb={8}
        aria-label="Language of the preview"
        data={[
          { value: "en", label: "English" },
          { value: "es", label: "Spanish" },
        ]}
        value={language}
        onChange={(next) => setLanguage(next === "es" ? "es" : "en")}
      />
      <iframe ref={frame} src="/p/preview" title="The form on a phone" className={classes.phone} />
    </aside>
  );
}
