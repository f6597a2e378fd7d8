import { CloseButton, Group, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useEffect, useState } from "react";
import { words } from "../../shared/lib/format";
import { teamsOptions, usersOptions } from "../session";
import { useLocations } from "./queries";
import type { BoardSearch } from "./search";

const SOURCES = ["fax", "web_form", "phone", "walk_in", "api", "text", "email"];

interface Props {
  search: BoardSearch;
  onChange: (change: Partial<BoardSearch>) => void;
}

/** Which leads the board shows; kept in the address. */
export function BoardFilters({ search, onChange }: Props) {
  const locations = useLocations();
  const users = useQuery(usersOptions());
  const teams = useQuery(teamsOptions());
  const [text, setText] = useState(search.q ?? "");
  useEffect(() => setText(search.q ?? ""), [search.q]);
  const apply = useDebouncedCallback((q: string) => onChange({ q: q || undefined }), 250);
  const owners = [
    { value: "me", label: "Mine and my teams'" },
    { value: "unassigned", label: "Nobody's own" },
    ...(users.data?.items
      .filter((user) => user.active)
      .map((user) => ({ value: user.id, label: user.name })) ?? []),
    ...(teams.data?.items.map((team) => ({ value: team.id, label: team.name })) ?? []),
  ];
  return (
    <Group gap="xs" wrap="wrap">
      <TextInput
        w={190}
        size="xs"
        id="board-filter"
        aria-label="Filter the board"
        placeholder="Filter: name, phone, DOB"
        leftSection={<Search size={14} />}
        rightSection={
          text ? (
            <CloseButton size="xs" aria-label="Clear filter" onClick={() => onChange({ q: undefined })} />
          ) : null
        }
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          apply(event.currentTarget.value);
        }}
      />
      {(locations.data?.items.length ?? 0) > 1 && (
        <Select
          w={140}
          size="xs"
          aria-label="Clinic"
          placeholder="All clinics"
          clearable
          data={locations.data?.items.map((place) => ({ value: place.id, label: place.name })) ?? []}
          value={search.location ?? null}
          onChange={(value) => onChange({ location: value ?? undefined })}
        />
      )}
      <Select
        w={150}
        size="xs"
        aria-label="Owner"
        placeholder="Any owner"
        clearable
        searchable
        data={owners}
        value={search.owner ?? null}
        onChange={(value) => onChange({ owner: value ?? undefined })}
      />
      <Select
        w={125}
        size="xs"
        aria-label="Source"
        placeholder="Any source"
        clearable
        data={SOURCES.map((source) => ({ value: source, label: words(source) }))}
        value={search.source ?? null}
        onChange={(value) => onChange({ source: value ?? undefined })}
      />
      <Switch
        size="sm"
        label="Overdue"
        checked={search.overdue ?? false}
        onChange={(event) => onChange({ overdue: event.currentTarget.checked || undefined })}
      />
      <Switch
        size="sm"
        label="Duplicates"
        checked={search.duplicates ?? false}
        onChange={(event) => onChange({ duplicates: event.currentTarget.checked || undefined })}
      />
    </Group>
  );
}
