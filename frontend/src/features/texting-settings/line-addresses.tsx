import { Button, Code, CopyButton, Text } from "@mantine/core";
import { Check, Copy } from "lucide-react";
import { phone } from "../../shared/lib/format";
import type { PhoneLineOut } from "./queries";
import classes from "./texting-settings.module.css";

/** What to enter at Twilio. Reports on our texts need no entry: each text carries its own address. */
export function LineAddresses({ line }: { line: PhoneLineOut }) {
  const addresses = [
    { label: "A message comes in (webhook, HTTP POST)", url: line.sms_url },
    { label: "A call comes in (webhook, HTTP POST)", url: line.voice_url },
    { label: "Call status changes (HTTP POST)", url: line.voice_status_url },
  ];
  return (
    <div className={classes.addresses}>
      {addresses.map((item) => (
        <div key={item.label}>
          <Text size="xs" c="dimmed">
            {item.label}
          </Text>
          <div className={classes.address}>
            <Code className={classes.url}>{item.url}</Code>
            <CopyButton value={item.url}>
              {({ copied, copy }) => (
                <Button
                  size="compact-xs"
                  variant="light"
                  leftSection={copied ? <Check size={14} /> : <Copy size={14} />}
                  className={classes.copy}
                  aria-label={`${copied ? "Copied" : "Copy"}: address of ${phone(line.number)}, ${item.label}`}
                  onClick={copy}
                >
                  {copied ? "Copied" : "Copy"}
                </Button>
              )}
            </CopyButton>
          </div>
        </div>
      ))}
      <Text size="xs" c="dimmed" mt={4}>
        At Twilio: Phone numbers → this number → Messaging and Voice configuration; with a Messaging Service,
        messages on its Integration page.
      </Text>
    </div>
  );
}
