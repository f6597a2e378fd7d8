import { Button, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, UserRound, Users, X } from "lucide-react";
import { teamsOptions, useMe, usersOptions } from "../session";
import { useAssign } from "./mutations";
import type { ConversationOut } from "./queries";

/** Whose conversation it is. */
export function AssignMenu({ conversation }: { conversation: ConversationOut }) {
  const me = useMe();
  const users = useQuery(usersOptions()).data?.items.filter((user) => user.active) ?? [];
  const teams = useQuery(teamsOptions()).data?.items ?? [];
  const assign = useAssign();
  const { owner } = conversation;
  const give = (to: { kind: "user" | "team"; id: string } | null) =>
    assign.mutate({ path: { conversation_id: conversation.id }, body: { owner: to } });
  return (
    <Menu position="bottom-end" width={230} shadow="md">
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          maw={{ base: 108, sm: 170 }}
          loading={assign.isPending}
          rightSection={<ChevronDown size={13} />}
          aria-label={owner ? `Owner: ${owner.name}. Hand over` : "No owner. Assign"}
        >
          <span style={{ overflow: "hidden", textOverflow: "ellipsis", lineHeight: 1.5 }}>
            {owner?.name ?? "Assign"}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
        {owner?.id !== me.user.id && (
          <Menu.Item
            leftSection={<UserRound size={15} />}
            onClick={() => give({ kind: "user", id: me.user.id })}
          >
            Take it myself
          </Menu.Item>
        )}
        {owner && (
          <Menu.Item leftSection={<X size={15} />} onClick={() => give(null)}>
            Nobody
          </Menu.Item>
        )}
        <Menu.Label>Teams</Menu.Label>
        {teams.map((team) => (
          <Menu.Item
            key={team.id}
            leftSection={<Users size={15} />}
            disabled={team.id === owner?.id}
            onClick={() => give({ kind: "team", id: team.id })}
          >
            {team.name}
          </Menu.Item>
        ))}
        <Menu.Label>People</Menu.Label>
        {users
          .filter((user) => user.id !== me.user.id)
          .map((user) => (
            <Menu.Item
              key={user.id}
              leftSection={<UserRound size={15} />}
              disabled={user.id === owner?.id}
              onClick={() => give({ kind: "user", id: user.id })}
            >
              {user.name}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
