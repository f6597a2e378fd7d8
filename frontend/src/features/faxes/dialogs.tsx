import { Button, Group, Kbd, Modal, NumberInput, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type FormEvent, useState } from "react";
import { day } from "../../shared/lib/format";
import { useFindLead } from "./queries";

interface Dialog {
  opened: boolean;
  onClose: () => void;
}

const REASONS = ["Advertisement", "Not for our practice", "Duplicate", "Blank or unusable"];

/** Why a fax is no referral. */
export function RejectDialog({ opened, onClose, onGiven }: Dialog & { onGiven: (reason: string) => void }) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onGiven(text.trim());
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Reject this fax" centered>
      <Text size="sm" c="dimmed" mb="sm">
        The original is kept, and the reason with it.
      </Text>
      <Group gap={6} mb="sm">
        {REASONS.map((reason) => (
          <Button key={reason} size="xs" variant="default" onClick={() => onGiven(reason)}>
            {reason}
          </Button>
        ))}
      </Group>
      <form onSubmit={submit}>
        <Group align="flex-end" gap="xs">
          <TextInput
            flex={1}
            label="Another reason"
            maxLength={300}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" color="red" disabled={!text.trim()}>
            Reject
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

/** Find the lead a fax belongs to. */
export function AttachDialog({ opened, onClose, onChosen }: Dialog & { onChosen: (leadId: string) => void }) {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text, 150);
  const found = useFindLead(q).data?.items ?? [];
  return (
    <Modal opened={opened} onClose={onClose} title="Attach to a lead">
      <TextInput
        label="Patient"
        placeholder="Name, phone or date of birth"
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Stack gap={4} mt="sm">
        {q.trim().length >= 2 && found.length === 0 && (
          <Text size="sm" c="dimmed">
            Nobody found.
          </Text>
        )}
        {found.map((lead) => (
          <Button
            key={lead.lead_id}
            variant="default"
            justify="flex-start"
            h="auto"
            py={8}
            onClick={() => onChosen(lead.lead_id)}
          >
            <span style={{ textAlign: "left" }}>
              {lead.patient_display_name}
              <Text size="xs" c="dimmed">
                {[day(lead.dob), lead.stage_name, lead.headline].filter(Boolean).join(" · ")}
              </Text>
            </span>
          </Button>
        ))}
      </Stack>
    </Modal>
  );
}

/** Say which pages belong to which patient. */
export function SplitDialog({
  opened,
  onClose,
  pages,
  onGiven,
}: Dialog & { pages: { number: number; segment: number | null }[]; onGiven: (groups: number[][]) => void }) {
  const [chosen, setChosen] = useState<Record<number, number>>({});
  const groupOf = (page: { number: number; segment: number | null }) =>
    chosen[page.number] ?? (page.segment ?? 0) + 1;
  const give = () => {
    const groups = new Map<number, number[]>();
    for (const page of pages) groups.set(groupOf(page), [...(groups.get(groupOf(page)) ?? []), page.number]);
    onGiven([...groups.entries()].sort(([one], [other]) => one - other).map(([, numbers]) => numbers));
  };
  return (
    <Modal opened={opened} onClose={onClose} title="Which pages belong to which patient?">
      <Stack gap="xs">
        {pages.map((page) => (
          <NumberInput
            key={page.number}
            label={`Page ${page.number}: patient number`}
            min={1}
            max={pages.length}
            value={groupOf(page)}
            onChange={(value) => setChosen({ ...chosen, [page.number]: Number(value) || 1 })}
          />
        ))}
      </Stack>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={give}>Split and read again</Button>
      </Group>
    </Modal>
  );
}

const KEYS: [string, string][] = [
  ["Tab / Shift Tab", "next or previous field"],
  ["J / K", "next or previous field, outside an input"],
  ["Ctrl Enter", "confirm and file"],
  ["[ / ]", "page before or after"],
  ["+ / −", "larger or smaller"],
  ["R", "turn the page"],
  ["?", "this help"],
];

/** What the keys do. */
export function KeysDialog({ opened, onClose }: Dialog) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys">
      <Table>
        <Table.Tbody>
          {KEYS.map(([keys, what]) => (
            <Table.Tr key={keys}>
              <Table.Td>
                <Kbd>{keys}</Kbd>
              </Table.Td>
              <Table.Td>{what}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
