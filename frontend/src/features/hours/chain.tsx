import { ActionIcon, Badge, Button, Group, NumberInput, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { teamsOptions, usersOptions } from "../session";
import classes from "./hours.module.css";
import { useSaveEscalation } from "./mutations";
import { type EscalationOut, type OwnerOut, useEscalation } from "./queries";

interface Props {
  place: { id: string; name: string } | null;
  may: boolean;
}

/** Who gets a task whose owner is silent, one after the other. */
export function Chain({ place, may }: Props) {
  const policy = useEscalation(place?.id ?? null);
  return (
    <section className={classes.section} aria-labelledby="chain">
      <h2 id="chain" className={classes.title}>
        When the owner is silent {place ? `at ${place.name}` : ""}
      </h2>
      {policy.isPending && <Loading label="Loading the chain" />}
      {policy.isError && <Failed error={policy.error} retry={() => policy.refetch()} />}
      {policy.data && <Form key={policy.data.version} policy={policy.data} place={place} may={may} />}
    </section>
  );
}

function Form({ policy, place, may }: { policy: EscalationOut } & Props) {
  const [chain, setChain] = useState<OwnerOut[]>(policy.chain);
  const [minutes, setMinutes] = useState(policy.silent_minutes);
  const save = useSaveEscalation();
  const inherited = chain.length === 0;
  const usual = place ? "the chain of every clinic" : "the usual chain: the clinic's team, then the managers";
  const swap = (index: number, step: number) => {
    const next = [...chain];
    const [one] = next.splice(index, 1);
    if (one) next.splice(index + step, 0, one);
    setChain(next);
  };
  const submit = () =>
    save.mutate({
      body: {
        version: policy.version,
        location_id: place?.id ?? null,
        silent_minutes: minutes,
        chain: chain.map(({ kind, id }) => ({ kind, id })),
      },
    });
  return (
    <>
      <p className={classes.about}>
        A task goes to the next in the chain when its owner has done nothing for so long after it was due.
        Only people who may work on leads there can get it; the last one keeps it and is reminded.
      </p>
      {inherited && (
        <Text size="sm" mb="xs">
          Now {usual}: {policy.effective.map((owner) => owner.name).join(" → ")}
        </Text>
      )}
      <ol className={classes.list}>
        {chain.map((owner, index) => (
          <li key={owner.id} className={classes.item}>
            <Badge variant="light" color="gray" circle>
              {index + 1}
            </Badge>
            <span className={classes.grow}>
              {owner.name}{" "}
              <Text span size="sm" c="dimmed">
                {owner.kind === "team" ? "team" : ""}
              </Text>
            </span>
            {may && (
              <Group gap={2} wrap="nowrap">
                <Move label={`${owner.name} earlier`} disabled={index === 0} onClick={() => swap(index, -1)}>
                  <ArrowUp size={14} />
                </Move>
                <Move
                  label={`${owner.name} later`}
                  disabled={index === chain.length - 1}
                  onClick={() => swap(index, 1)}
                >
                  <ArrowDown size={14} />
                </Move>
                <Move
                  label={`Take ${owner.name} out`}
                  onClick={() => setChain(chain.filter((other) => other.id !== owner.id))}
                >
                  <X size={14} />
                </Move>
              </Group>
            )}
          </li>
        ))}
      </ol>
      <Group align="flex-end" gap="sm">
        {may && <Add chain={chain} onAdd={(owner) => setChain([...chain, owner])} />}
        <NumberInput
          label="Silent for"
          suffix=" min"
          w={130}
          min={5}
          max={14400}
          allowDecimal={false}
          disabled={!may}
          value={minutes}
          onChange={(value) => setMinutes(Number(value))}
        />
        {may && (
          <Button onClick={submit} loading={save.isPending} disabled={minutes < 5 || minutes > 14400}>
            Save
          </Button>
        )}
      </Group>
    </>
  );
}

function Move(props: { label: string; disabled?: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      {props.children}
    </ActionIcon>
  );
}

function Add({ chain, onAdd }: { chain: OwnerOut[]; onAdd: (owner: OwnerOut) => void }) {
  const users = useQuery(usersOptions()).data?.items ?? [];
  const teams = useQuery(teamsOptions()).data?.items ?? [];
  const all: OwnerOut[] = [
    ...teams.map(({ id, name }) => ({ kind: "team" as const, id, name })),
    ...users.filter((user) => user.active).map(({ id, name }) => ({ kind: "user" as const, id, name })),
  ].filter((owner) => !chain.some((other) => other.id === owner.id));
  return (
    <Select
      label={chain.length ? "Then" : "First"}
      placeholder="Add a team or person"
      searchable
      w={230}
      value={null}
      data={all.map((owner) => ({ value: owner.id, label: owner.name }))}
      onChange={(id) => {
        const owner = all.find((found) => found.id === id);
        if (owner) onAdd(owner);
      }}
    />
  );
}
