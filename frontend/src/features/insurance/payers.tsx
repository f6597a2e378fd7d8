import { ActionIcon, Badge, Button, Group, Text, Title } from "@mantine/core";
import { Landmark, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { phone } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./insurance.module.css";
import { PayerDialog } from "./payer-dialog";
import { type PayerOut, usePayers } from "./queries";
import { RULES } from "./wording";

/** The practice's payers: under which names they come, whom to ask, what they want. */
export function Payers() {
  const payers = usePayers();
  const may = useMay("settings:write");
  const [editing, setEditing] = useState<PayerOut | "new" | null>(null);
  return (
    <section className={classes.panel} aria-labelledby="payers">
      <Group justify="space-between" mb="xs" align="flex-start">
        <div style={{ flex: "1 1 260px" }}>
          <Title order={2} size="h4" id="payers">
            Payers
          </Title>
          <Text size="sm" c="dimmed">
            Faxes and cards spell a payer in many ways: aliases make one of them.
          </Text>
        </div>
        {may && (
          <Button leftSection={<Plus size={16} />} onClick={() => setEditing("new")}>
            New payer
          </Button>
        )}
      </Group>
      {payers.isPending && <Loading label="Loading payers" />}
      {payers.isError && <Failed error={payers.error} retry={() => payers.refetch()} />}
      {payers.isSuccess && payers.data.items.length === 0 && (
        <Empty icon={<Landmark size={26} />} title="No payers yet">
          Add those you bill most. Eligibility can be asked of a payer with a clearinghouse ID.
        </Empty>
      )}
      {payers.data?.items.map((payer) => (
        <div key={payer.id} className={classes.card} data-past={!payer.active || undefined}>
          <div className={classes.head}>
            <Group gap={8}>
              <span className={classes.payer}>{payer.name}</span>
              {!payer.active && (
                <Badge size="sm" variant="light" color="gray">
                  Not used
                </Badge>
              )}
              {payer.in_network !== null && (
                <Badge size="sm" variant="light" color={payer.in_network ? "teal" : "orange"}>
                  {payer.in_network ? "In network" : "Out of network"}
                </Badge>
              )}
            </Group>
            {may && (
              <ActionIcon
                variant="subtle"
                aria-label={`Edit ${payer.name}`}
                onClick={() => setEditing(payer)}
              >
                <Pencil size={16} />
              </ActionIcon>
            )}
          </div>
          <p className={classes.quiet}>{about(payer)}</p>
        </div>
      ))}
      {editing && <PayerDialog payer={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function about(payer: PayerOut): string {
  const rule =
    payer.authorization_rule === "after_visits"
      ? `after ${payer.authorization_after} visits`
      : RULES[payer.authorization_rule]?.toLowerCase();
  return [
    payer.clearinghouse_id ? `ID ${payer.clearinghouse_id}` : "no clearinghouse ID",
    `authorization: ${rule}`,
    phone(payer.phone),
    payer.aliases.length > 0 && `also “${payer.aliases.join("”, “")}”`,
    payer.notes,
  ]
    .filter(Boolean)
    .join(" · ");
}
