import { Button, Group, Modal, Select, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { FileText, Send } from "lucide-react";
import { useState } from "react";
import { wall } from "../../shared/lib/zones";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay, useMe } from "../session";
import { questionOf } from "./card";
import { useSendScorecard } from "./mutations";
import { daysOf } from "./periods";
import { useScorecard } from "./queries";
import { ScorecardSheet } from "./scorecard-sheet";
import { PERIODS, type Period, USUAL } from "./search";

/** The scorecard tab of a referrer's page: read it, open its figures, send it. */
export function ReferrerScorecard({ referrerId }: { referrerId: string }) {
  const [period, setPeriod] = useState<Period>(USUAL);
  const [asking, ask] = useDisclosure();
  const zone = useMe().practice.timezone;
  const may = useMay("letters:write");
  const navigate = useNavigate();
  const { from, to } = daysOf(period, wall(zone, Date.now()).day);
  const card = useScorecard(referrerId, from, to);
  const send = useSendScorecard();
  const found = card.data;
  return (
    <div>
      <Group gap="xs" mb="sm">
        <Select
          size="xs"
          w={160}
          aria-label="Period"
          allowDeselect={false}
          data={PERIODS.filter(({ value }) => value !== "all")}
          value={period}
          onChange={(value) => setPeriod(value as Period)}
        />
        {found && (
          <Button
            component="a"
            size="xs"
            variant="default"
            target="_blank"
            leftSection={<FileText size={14} />}
            href={found.pdf_url}
          >
            PDF
          </Button>
        )}
        {may && found && (
          <Button size="xs" leftSection={<Send size={14} />} disabled={found.said === 0} onClick={ask.open}>
            Send to the referrer
          </Button>
        )}
      </Group>
      {card.isPending && <Loading label="Writing the scorecard" />}
      {card.isError && <Failed error={card.error} retry={() => card.refetch()} />}
      {found && (
        <ScorecardSheet
          card={found}
          onOpen={(sentence) =>
            navigate({
              to: "/reports",
              search: { metric: sentence.metric, rows: questionOf(sentence.rows_url), tab: "figures" },
            })
          }
        />
      )}
      {found?.said === 0 && (
        <Text size="sm" c="dimmed" mt="xs">
          With nothing to say there is nothing to send. A longer period may carry more.
        </Text>
      )}
      <Modal opened={asking} onClose={ask.close} title="Send this scorecard?" centered>
        <Text size="sm">
          {found?.referrer} gets this page the way they prefer to hear. No patient can be told from it.
        </Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={ask.close}>
            Not now
          </Button>
          <Button
            loading={send.isPending}
            onClick={() =>
              send.mutate(
                {
                  path: { referrer_id: referrerId },
                  body: { from, to },
                  headers: { "Idempotency-Key": crypto.randomUUID() },
                },
                { onSuccess: ask.close },
              )
            }
          >
            Send
          </Button>
        </Group>
      </Modal>
    </div>
  );
}
