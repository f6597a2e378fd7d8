import { Button, Group, Menu, Select, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, Phone, RotateCcw } from "lucide-react";
import { useState } from "react";
import { OUTCOMES } from "../calls";
import { teamsOptions, useMay, usersOptions } from "../session";
import classes from "./leads.module.css";
import { LostReason } from "./lost-reason";
import { useLogCall, useMoveLead, useReopenLead, useUpdateLead } from "./mutations";
import type { LeadOut } from "./queries";

const STAGES = [
  ["new", "New"],
  ["contacted", "Contacted"],
  ["scheduled", "Scheduled"],
  ["intake_sent", "Intake sent"],
  ["first_visit_complete", "First visit complete"],
  ["lost", "Lost…"],
] as const;

/** What a person does with a lead: call, move, hand over. */
export function LeadActions({ lead }: { lead: LeadOut }) {
  const call = useLogCall();
  const move = useMoveLead();
  const reopen = useReopenLead();
  const [note, setNote] = useState("");
  const [losing, setLosing] = useState(false);
  const may = useMay("leads:write");
  const path = { lead_id: lead.id };
  const moveTo = (stage: string, lost_reason?: string) =>
    move.mutate({ path, body: { stage, after_id: null, version: lead.version, lost_reason } });
  if (!may) return null;
  return (
    <div className={classes.actions}>
      <Textarea
        aria-label="Note for the call"
        placeholder="What was said? (kept with the call)"
        autosize
        minRows={1}
        maxRows={5}
        size="sm"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group gap={6} mt={8}>
        <Phone size={15} aria-hidden />
        {OUTCOMES.map(({ outcome, label }) => (
          <Button
            key={outcome}
            size="xs"
            variant={outcome === "reached" ? "filled" : "default"}
            loading={call.isPending && call.variables?.body.outcome === outcome}
            onClick={() =>
              call.mutate(
                { path, body: { outcome, note: note || undefined } },
                { onSuccess: () => setNote("") },
              )
            }
          >
            {label}
          </Button>
        ))}
      </Group>
      <Group gap={6} mt={10} justify="space-between">
        <Group gap={6}>
          <Menu position="bottom-start" width={200}>
            <Menu.Target>
              <Button size="xs" variant="light" rightSection={<ChevronDown size={14} />}>
                Move to…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {STAGES.map(([stage, label]) => (
                <Menu.Item
                  key={stage}
                  disabled={stage === lead.stage}
                  onClick={() => (stage === "lost" ? setLosing(true) : moveTo(stage))}
                >
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          {(lead.group === "lost" || lead.group === "won") && (
            <Button
              size="xs"
              variant="light"
              leftSection={<RotateCcw size={14} />}
              onClick={() => reopen.mutate({ path, body: { version: lead.version } })}
            >
              Open again
            </Button>
          )}
        </Group>
        <OwnerSelect lead={lead} />
      </Group>
      <LostReason
        opened={losing}
        onCancel={() => setLosing(false)}
        onGiven={(reason) => {
          setLosing(false);
          moveTo("lost", reason);
        }}
      />
    </div>
  );
}

function OwnerSelect({ lead }: { lead: LeadOut }) {
  const users = useQuery(usersOptions());
  const teams = useQuery(teamsOptions());
  const update = useUpdateLead();
  const people = users.data?.items.map((user) => ({ value: `user:${user.id}`, label: user.name })) ?? [];
  const groups = teams.data?.items.map((team) => ({ value: `team:${team.id}`, label: team.name })) ?? [];
  return (
    <Select
      size="xs"
      w={190}
      aria-label="Owner"
      data={[
        { group: "People", items: people },
        { group: "Teams", items: groups },
      ]}
      value={`${lead.owner.kind}:${lead.owner.id}`}
      allowDeselect={false}
      searchable
      onChange={(value) => {
        const [kind, id] = (value ?? "").split(":");
        if (!id || id === lead.owner.id) return;
        const owner = { kind: kind as "user" | "team", id };
        update.mutate({ path: { lead_id: lead.id }, body: { version: lead.version, owner } });
      }}
    />
  );
}
