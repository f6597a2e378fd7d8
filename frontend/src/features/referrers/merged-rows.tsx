import { Button, Group, Text } from "@mantine/core";
import { useMay } from "../session";

interface Merged {
  id: string;
  name: string;
  by: string;
  can_undo: boolean;
  version: number;
}

interface Props {
  merges: Merged[];
  what: "referrer" | "office";
  undoing: boolean;
  onUndo: (id: string, version: number) => void;
}

/** What became part of this one, each with its way back. */
export function MergedRows({ merges, what, undoing, onUndo }: Props) {
  const may = useMay("referrers:write");
  return merges.map((merged) => (
    <Group key={merged.id} gap="sm" mt="sm">
      <Text size="sm">
        {merged.name} became part of this {what}, by {merged.by}.
      </Text>
      {may && merged.can_undo && (
        <Button
          size="xs"
          variant="default"
          loading={undoing}
          onClick={() => onUndo(merged.id, merged.version)}
        >
          Take it back
        </Button>
      )}
    </Group>
  ));
}
