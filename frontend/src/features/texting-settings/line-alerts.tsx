import { Alert, Button, Group, Text } from "@mantine/core";
import { CircleAlert, KeyRound } from "lucide-react";
import { moment, phone } from "../../shared/lib/format";
import { useMay } from "../session";
import { useFinishRotation, useResumeLine } from "./mutations";
import type { PhoneLineOut } from "./queries";

/** The carrier refuses this line's texts: what it means, what to do, and how to go on. */
export function PausedAlert({ line }: { line: PhoneLineOut }) {
  const may = useMay("settings:write");
  const resume = useResumeLine();
  if (!line.paused) return null;
  const { title, advice, code, at, waiting } = line.paused;
  return (
    <Alert color="red" mt="md" icon={<CircleAlert size={18} />} title={`${title} · ${code}`}>
      <Text size="sm">{advice}</Text>
      <Text size="sm" mt={4}>
        Since {moment(at)} automatic texts wait{waiting > 0 && `: ${waiting} now`}. People may still write by
        hand.
      </Text>
      {may && (
        <Group gap="xs" mt="xs">
          <Button
            size="xs"
            color="red.9"
            loading={resume.isPending}
            aria-label={`It is settled: resume automatic texts of ${phone(line.number)}`}
            onClick={() => resume.mutate({ path: { line_id: line.id }, body: { version: line.version } })}
          >
            It is settled: resume
          </Button>
        </Group>
      )}
    </Alert>
  );
}

/** Between two tokens. */
export function RotatingAlert({ line }: { line: PhoneLineOut }) {
  const may = useMay("settings:write");
  const finish = useFinishRotation();
  if (!line.rotating_since) return null;
  return (
    <Alert color="yellow" mt="md" icon={<KeyRound size={18} />} title="Two auth tokens are accepted">
      <Text size="sm">
        Since {moment(line.rotating_since)} we call Twilio with the new token, and take callbacks signed with
        either. When you have made the new one the primary token at Twilio, forget the old one here.
      </Text>
      {may && (
        <Button
          size="xs"
          mt="xs"
          variant="default"
          loading={finish.isPending}
          onClick={() => finish.mutate({ path: { line_id: line.id }, body: { version: line.version } })}
        >
          Forget the old token
        </Button>
      )}
    </Alert>
  );
}
