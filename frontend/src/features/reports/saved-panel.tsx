import { ActionIcon, Badge, Group, Modal, Select, Text } from "@mantine/core";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { ago, moment } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { type Open, questionOf } from "./card";
import { Steps } from "./charts";
import { Figure } from "./figure";
import { GroupTable } from "./group-table";
import { useChangeSaved, useForgetSaved, useSeen } from "./mutations";
import { type SavedOut, useReportResult, useSavedReports } from "./queries";
import classes from "./reports.module.css";
import { SCHEDULES } from "./save-dialog";
import { PERIODS } from "./search";
import { DIMENSIONS } from "./wording";

/** Questions kept, and the results that came by themselves. */
export function SavedPanel({ onOpen }: { onOpen: Open }) {
  const saved = useSavedReports();
  const [shown, setShown] = useState<SavedOut | null>(null);
  if (saved.isPending) return <Loading label="Loading saved reports" />;
  if (saved.isError) return <Failed error={saved.error} retry={() => saved.refetch()} />;
  if (saved.data.items.length === 0)
    return (
      <Empty title="No saved reports">
        Open a figure, choose how to split it, and save it; it can then be asked by itself every Monday.
      </Empty>
    );
  return (
    <>
      <div className={classes.list} style={{ marginTop: 14 }}>
        {saved.data.items.map((one) => (
          <Line key={one.id} saved={one} onShow={() => setShown(one)} />
        ))}
      </div>
      {shown?.latest && (
        <Result saved={shown} resultId={shown.latest.id} onClose={() => setShown(null)} onOpen={onOpen} />
      )}
    </>
  );
}

function Line({ saved, onShow }: { saved: SavedOut; onShow: () => void }) {
  const change = useChangeSaved();
  const forget = useForgetSaved();
  const may = useMay("reports:write") && saved.mine;
  const period = PERIODS.find(({ value }) => value === saved.period)?.label ?? saved.period;
  const split = saved.group_by ? `, by ${DIMENSIONS[saved.group_by]?.toLowerCase()}` : "";
  const path = { saved_id: saved.id };
  return (
    <div className={classes.line}>
      <div>
        <Group gap="xs">
          {saved.latest ? (
            <button type="button" className={classes.link} onClick={onShow}>
              {saved.name}
            </button>
          ) : (
            <span>{saved.name}</span>
          )}
          {saved.unseen > 0 && <Badge size="sm">{saved.unseen} new</Badge>}
        </Group>
        <Text size="xs" c="dimmed">
          {saved.title}, {period.toLowerCase()}
          {split}
          {saved.latest && ` · last ${ago(saved.latest.made_at)}`}
          {!saved.mine && ` · of ${saved.owner}`}
        </Text>
      </div>
      {may && (
        <Group gap="xs" wrap="nowrap">
          <Select
            size="xs"
            w={190}
            aria-label={`When ${saved.name} is asked`}
            allowDeselect={false}
            data={SCHEDULES}
            value={saved.schedule}
            onChange={(schedule) =>
              change.mutate({
                path,
                body: { version: saved.version, schedule: schedule as SavedOut["schedule"] },
              })
            }
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Forget ${saved.name}`}
            onClick={() => forget.mutate({ path })}
          >
            <Trash2 size={16} />
          </ActionIcon>
        </Group>
      )}
    </div>
  );
}

interface ResultProps {
  saved: SavedOut;
  resultId: string;
  onClose: () => void;
  onOpen: Open;
}

/** What it said then; its rows are those of now. */
function Result({ saved, resultId, onClose, onOpen }: ResultProps) {
  const result = useReportResult(saved.id, resultId);
  const seen = useSeen();
  const close = () => {
    if (result.data && !result.data.seen_at)
      seen.mutate({ path: { saved_id: saved.id, result_id: resultId } });
    onClose();
  };
  const answer = result.data?.answer;
  const rows = (url: string) => {
    close();
    onOpen(saved.metric, saved.group_by ?? undefined, questionOf(url));
  };
  return (
    <Modal opened onClose={close} title={saved.name} size="lg">
      {result.isPending && <Loading label="Loading the result" />}
      {result.isError && <Failed error={result.error} />}
      {answer && (
        <>
          <Text size="sm" c="dimmed" mb="xs">
            Counted {moment(result.data?.made_at ?? "")}
          </Text>
          <Figure figure={answer} unit={answer.definition.unit} subject={answer.definition.subject} />
          <Steps
            parts={answer.parts}
            unit={answer.definition.unit}
            subject={answer.definition.subject}
            onOpen={rows}
          />
          {answer.group_by && (
            <GroupTable
              groups={answer.groups}
              by={answer.group_by}
              definition={answer.definition}
              onOpen={rows}
            />
          )}
        </>
      )}
    </Modal>
  );
}
