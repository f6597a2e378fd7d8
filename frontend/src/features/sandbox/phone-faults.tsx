import { Badge, Button, Checkbox, Group, NumberInput, Select, Stack, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { phone, words } from "../../shared/lib/format";
import classes from "./phone.module.css";
import { useAskFault, useFaults } from "./phone-queries";

const LABELS: Record<string, string> = {
  error_30003: "Phone is off (30003)",
  error_30007: "Taken for spam (30007)",
  error_21610: "Unsubscribed (21610)",
  callback_before_201: "Report before the answer",
  reordered: "Reports out of order",
  lost_callbacks: "Reports never arrive",
  duplicate: "Everything arrives twice",
  tampered: "Changed on the way",
  api_500: "Carrier fails (500)",
  api_429: "Too many requests (429)",
  timeout: "Answer lost, text taken",
  media_404: "Picture not ready (404)",
  media_redirect_inner: "Picture leads inside",
  media_wrong_type: "Picture of another type",
  inbound_lost: "Reply never announced",
};

/** Ask the carrier to misbehave. */
export function PhoneFaults({ number }: { number: string | undefined }) {
  const faults = useFaults();
  const ask = useAskFault();
  const [fault, setFault] = useState<string | null>("error_30003");
  const [count, setCount] = useState<number | string>(1);
  const [only, setOnly] = useState(true);
  const due = Object.entries(faults.data?.twilio.due ?? {});
  return (
    <section className={classes.panel} aria-label="Carrier faults">
      <Group gap={6} mb={6}>
        <TriangleAlert size={16} aria-hidden />
        <Text size="sm" fw={650} component="h2">
          Carrier faults
        </Text>
      </Group>
      <Text size="xs" c="dimmed" mb="sm">
        See what Frontdesk does when the carrier fails. Each fault happens the next so many times, then is
        over.
      </Text>
      <Stack gap="sm">
        <Select
          label="Fault"
          allowDeselect={false}
          data={(faults.data?.twilio.known ?? Object.keys(LABELS)).map((value) => ({
            value,
            label: LABELS[value] ?? words(value),
          }))}
          value={fault}
          onChange={setFault}
        />
        <NumberInput label="Times" min={1} max={100} value={count} onChange={setCount} />
        {number && (
          <Checkbox
            label={`Only for ${phone(number)}`}
            checked={only}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />
        )}
        <Button
          variant="default"
          loading={ask.isPending}
          disabled={!fault}
          onClick={() =>
            ask.mutate({
              fault: fault ?? "",
              count: Number(count) || 1,
              to: only && number ? number : undefined,
            })
          }
        >
          Ask for it
        </Button>
        {due.length > 0 && (
          <div>
            <Text size="xs" fw={600} mb={4}>
              Still to come
            </Text>
            <ul className={classes.due}>
              {due.map(([name, left]) => (
                <li key={name}>
                  <Text size="xs">{LABELS[name] ?? words(name)}</Text>
                  <Badge size="sm" variant="light" color="orange">
                    {left}×
                  </Badge>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Stack>
    </section>
  );
}
