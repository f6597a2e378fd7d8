import { Button, CopyButton, Group } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import classes from "./lead-capture.module.css";

/** A piece of HTML to copy. */
export function Snippet({ title, text }: { title: string; text: string }) {
  return (
    <div className={classes.section}>
      <Group justify="space-between" mb={6}>
        <h3 className={classes.title} style={{ fontSize: 14.5 }}>
          {title}
        </h3>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button
              size="xs"
              variant="default"
              leftSection={copied ? <Check size={14} /> : <Copy size={14} />}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={classes.code} tabIndex={0} aria-label={title}>
        {text}
      </section>
    </div>
  );
}
