import { Button, Group, Text } from "@mantine/core";
import { CircleAlert, CircleCheck, ShieldCheck, TriangleAlert } from "lucide-react";
import { phone } from "../../shared/lib/format";
import { useCheckLine } from "./mutations";
import type { PhoneLineOut } from "./queries";
import classes from "./texting-settings.module.css";

const ICONS = {
  ok: <CircleCheck size={16} aria-label="In order" />,
  warning: <TriangleAlert size={16} aria-label="Good to know" />,
  error: <CircleAlert size={16} aria-label="Wrong" />,
};

/** Ask Twilio whether the line can work, and say what to do when it can't. */
export function LineCheck({ line }: { line: PhoneLineOut }) {
  const check = useCheckLine();
  return (
    <div>
      <Group gap="sm" mt="md">
        <Button
          size="xs"
          variant="light"
          leftSection={<ShieldCheck size={16} />}
          loading={check.isPending}
          aria-label={`Check this line: ${phone(line.number)}`}
          onClick={() => check.mutate({ path: { line_id: line.id } })}
        >
          Check this line
        </Button>
        <Text size="xs" c="dimmed">
          Asks Twilio about credentials, number, addresses and registration. Nothing is sent.
        </Text>
      </Group>
      <div aria-live="polite">
        {check.data && (
          <ul className={classes.findings} aria-label={`What Twilio says about ${phone(line.number)}`}>
            {check.data.findings.map((item) => (
              <li key={item.title} data-level={item.level}>
                {ICONS[item.level]}
                <div>
                  <Text size="sm" fw={item.level === "ok" ? 400 : 600}>
                    {item.title}
                  </Text>
                  {item.advice && <Text size="sm">{item.advice}</Text>}
                </div>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
