import { Button, Group, Stack, Text } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { LineCard } from "./line-card";
import { NewLineDialog } from "./new-line";
import { usePhoneLines } from "./queries";

/** The practice's numbers for texts. */
export function LinesTab() {
  const lines = usePhoneLines();
  const may = useMay("settings:write");
  const [adding, setAdding] = useState(false);
  if (lines.isPending) return <Loading label="Loading phone lines" />;
  if (lines.isError) return <Failed error={lines.error} retry={() => lines.refetch()} />;
  const items = lines.data.items;
  return (
    <Stack gap="md" maw={860}>
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed">
          Numbers at Twilio that text your patients.
        </Text>
        {may && (
          <Button leftSection={<Plus size={16} />} onClick={() => setAdding(true)}>
            Add a number
          </Button>
        )}
      </Group>
      {items.map((line) => (
        <LineCard key={line.id} line={line} />
      ))}
      {items.length === 0 && (
        <Empty title="No numbers yet">
          Without a number nobody is texted. Buy one at Twilio, then add it here with its account's
          credentials.
        </Empty>
      )}
      <NewLineDialog opened={adding} onClose={() => setAdding(false)} />
    </Stack>
  );
}
