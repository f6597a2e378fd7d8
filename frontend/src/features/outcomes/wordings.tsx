import { Badge, Button, Group, Text, Title } from "@mantine/core";
import { FileText, Plus } from "lucide-react";
import { useState } from "react";
import { day } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { useRemoveWording } from "./mutations";
import classes from "./outcomes.module.css";
import { type InstrumentOut, useWordings, type WordingOut } from "./queries";
import { WordingDialog } from "./wording-dialog";

export const LANGUAGES = { en: "English", es: "Spanish" };

/** Questions that belong to others, entered under the practice's own licence. */
export function Wordings({ instruments }: { instruments: InstrumentOut[] }) {
  const wordings = useWordings();
  const remove = useRemoveWording();
  const may = useMay("settings:write");
  const [editing, setEditing] = useState<WordingOut | "new" | null>(null);
  const names = new Map(instruments.map((one) => [one.key, one.name]));
  return (
    <section className={classes.panel} aria-labelledby="questionnaires">
      <Group justify="space-between" mb="xs" align="flex-start">
        <div style={{ flex: "1 1 260px" }}>
          <Title order={2} size="h4" id="questionnaires">
            Questionnaires
          </Title>
          <Text size="sm" c="dimmed">
            The questions of DASH, ODI and the like belong to their owners and are not part of Frontdesk.
            Enter those of your licensed copy, and patients can answer them on their phone. PSFS and NPRS need
            no licence.
          </Text>
        </div>
        {may && (
          <Button leftSection={<Plus size={16} />} onClick={() => setEditing("new")}>
            Enter questions
          </Button>
        )}
      </Group>
      {wordings.isPending && <Loading label="Loading questionnaires" />}
      {wordings.isError && <Failed error={wordings.error} retry={() => wordings.refetch()} />}
      {wordings.isSuccess && wordings.data.items.length === 0 && (
        <Empty icon={<FileText size={26} />} title="No questions entered yet">
          Until then the desk enters the answers from paper.
        </Empty>
      )}
      {wordings.data?.items.map((wording) => (
        <div key={wording.id} className={classes.card}>
          <div className={classes.head}>
            <Group gap={8}>
              <h3 className={classes.name}>{names.get(wording.instrument)}</h3>
              <Badge size="sm" variant="light" color="gray">
                {LANGUAGES[wording.language]}
              </Badge>
            </Group>
            {may && (
              <Group gap={6}>
                <Button size="compact-xs" variant="default" onClick={() => setEditing(wording)}>
                  Edit
                </Button>
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="red"
                  loading={remove.isPending}
                  onClick={() => remove.mutate({ path: { wording_id: wording.id } })}
                >
                  Remove
                </Button>
              </Group>
            )}
          </div>
          <p className={classes.quiet}>
            {wording.items.length} questions · {wording.license_note} · entered by {wording.entered_by},{" "}
            {day(wording.updated_at.slice(0, 10))}
          </p>
        </div>
      ))}
      {editing && (
        <WordingDialog
          wording={editing === "new" ? null : editing}
          instruments={instruments}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  );
}
