import { Button, Group, Text, Title } from "@mantine/core";
import { Plus, Route } from "lucide-react";
import { useState } from "react";
import { announce } from "../../shared/a11y/announce";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { moved } from "./draft";
import { focusSoon } from "./focus";
import { useOrderSequences } from "./mutations";
import { type SequenceOut, useSequences } from "./queries";
import { RulesForm } from "./rules-form";
import { SequenceCard } from "./sequence-card";
import { SequenceEditor } from "./sequence-editor";

/** Settings of follow-up: the practice's sequences, and the rules around them. */
export function FollowUpSettings() {
  const sequences = useSequences();
  const may = useMay("settings:write");
  const order = useOrderSequences();
  const [editing, setEditing] = useState<SequenceOut | "new" | null>(null);
  const items = sequences.data?.items ?? [];
  const move = (index: number, by: -1 | 1) => {
    const ids = moved(items, index, by).map((sequence) => sequence.id);
    announce(`${items[index]?.name} moved ${by < 0 ? "up" : "down"}`);
    const row = `sequence-${items[index]?.id}`;
    const buttons = by < 0 ? [`${row}-up`, `${row}-down`] : [`${row}-down`, `${row}-up`];
    order.mutate({ body: { ids } }, { onSuccess: () => focusSoon(...buttons) });
  };
  return (
    <div>
      <Group justify="space-between" mb="sm" gap="sm" align="flex-end">
        <div style={{ flex: "1 1 300px" }}>
          <Title order={2} size="h4">
            Sequences
          </Title>
          <Text size="sm" c="dimmed">
            A lead follows the first sequence that fits it, from the top. A reply, a call that reaches the
            patient or a booked evaluation ends it; a STOP ends its texts only.
          </Text>
        </div>
        {may && (
          <Button leftSection={<Plus size={16} />} onClick={() => setEditing("new")}>
            New sequence
          </Button>
        )}
      </Group>
      {sequences.isPending && <Loading label="Loading sequences" />}
      {sequences.isError && <Failed error={sequences.error} retry={() => sequences.refetch()} />}
      {sequences.isSuccess && items.length === 0 && (
        <Empty icon={<Route size={26} />} title="No sequences">
          Without one, new leads get a call task and no text. Write the first with “New sequence”.
        </Empty>
      )}
      {items.map((sequence, index) => (
        <SequenceCard
          key={sequence.id}
          sequence={sequence}
          may={may}
          first={index === 0}
          last={index === items.length - 1}
          onMove={(by) => move(index, by)}
          onEdit={() => setEditing(sequence)}
        />
      ))}
      {editing && (
        <SequenceEditor sequence={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
      <RulesForm />
    </div>
  );
}
