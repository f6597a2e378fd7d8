import { ActionIcon, Alert, Modal, NumberInput, Select, SimpleGrid, Switch, TextInput } from "@mantine/core";
import { X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useMay, useMe } from "../session";
import { useAddRule, useChangeRule, useRemoveRule } from "./mutations";
import { Buttons, List, Panel, Row } from "./parts";
import { type BookingRuleIn, type BookingRuleOut, useClinicians, useRules, useTypes } from "./queries";
import { KINDS, type Names, ruleText } from "./wording";

function useNames(): Names {
  const me = useMe();
  const clinicians = useClinicians().data?.items ?? [];
  const types = useTypes().data?.items ?? [];
  const named = (items: { id: string; name: string }[]) => (id: string) =>
    items.find((one) => one.id === id)?.name ?? "somebody";
  return { clinician: named(clinicians), clinic: named(me.locations), type: named(types) };
}

const bodyOf = ({ id: _, version: __, ...rule }: BookingRuleOut): BookingRuleIn => rule;

/** What may be booked, in plain words. */
export function RulesPanel() {
  const rules = useRules();
  const may = useMay("settings:write");
  const names = useNames();
  const remove = useRemoveRule();
  const change = useChangeRule();
  const [editing, setEditing] = useState<BookingRuleOut | "new" | null>(null);
  const items = rules.data?.items ?? [];
  return (
    <Panel
      title="Booking rules"
      about="All of them hold together. A person may book beside them, with a reason that goes on record."
      query={rules}
      empty={
        items.length === 0 && {
          title: "No rules",
          text: "Everybody sees one patient at a time; there is no other limit.",
        }
      }
      add={may && { label: "New rule", onClick: () => setEditing("new") }}
    >
      <List>
        {items.map((rule) => {
          const text = ruleText(bodyOf(rule), names);
          return (
            <Row
              key={rule.id}
              name={<span style={{ fontWeight: 500 }}>{text}</span>}
              off={!rule.active}
              edit={may && { label: `Change: ${text}`, onClick: () => setEditing(rule) }}
            >
              {may && (
                <>
                  <Switch
                    size="sm"
                    aria-label={`In force: ${text}`}
                    checked={rule.active}
                    disabled={change.isPending}
                    onChange={(event) =>
                      change.mutate({
                        path: { rule_id: rule.id },
                        body: { ...bodyOf(rule), active: event.currentTarget.checked, version: rule.version },
                      })
                    }
                  />
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove: ${text}`}
                    onClick={() => remove.mutate({ path: { rule_id: rule.id } })}
                  >
                    <X size={16} />
                  </ActionIcon>
                </>
              )}
            </Row>
          );
        })}
      </List>
      {editing && (
        <RuleDialog
          rule={editing === "new" ? null : editing}
          names={names}
          onClose={() => setEditing(null)}
        />
      )}
    </Panel>
  );
}

const START: BookingRuleIn = {
  rule: "count",
  type_kind: "evaluation",
  per: "clinician",
  period: "day",
  most: 2,
  active: true,
};
const RULES = [
  { value: "count", label: "How many a day or week" },
  { value: "concurrency", label: "How many at the same time" },
  { value: "case_mix", label: "What share of the week" },
];
const MOST = { count: [0, 1000], concurrency: [1, 6], case_mix: [0, 100] } as const;

interface DialogProps {
  rule: BookingRuleOut | null;
  names: Names;
  onClose: () => void;
}

function RuleDialog({ rule, names, onClose }: DialogProps) {
  const [form, setForm] = useState<BookingRuleIn>(() => (rule ? bodyOf(rule) : START));
  const add = useAddRule();
  const change = useChangeRule();
  const set = (part: Partial<BookingRuleIn>) => setForm({ ...form, ...part });
  const choose = (kind: string | null) => {
    if (kind === "count") set({ rule: kind, period: "day", most: 2 });
    if (kind === "concurrency") set({ rule: kind, period: null, per: "clinician", most: 2 });
    if (kind === "case_mix") set({ rule: kind, period: null, per: "clinician", most: 20 });
  };
  const body = { ...form, payer: form.payer?.trim() || null };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (rule)
      change.mutate(
        { path: { rule_id: rule.id }, body: { ...body, version: rule.version } },
        { onSuccess: onClose },
      );
    else add.mutate({ body }, { onSuccess: onClose });
  };
  const [least, most] = MOST[form.rule];
  return (
    <Modal opened onClose={onClose} title={rule ? "Change the rule" : "New rule"}>
      <form onSubmit={submit}>
        <Select
          label="The rule says"
          allowDeselect={false}
          data={RULES}
          value={form.rule}
          onChange={choose}
        />
        <SimpleGrid cols={form.rule === "count" ? 3 : 1} mt="sm" spacing="sm">
          <NumberInput
            label="At most"
            suffix={form.rule === "case_mix" ? "%" : ""}
            min={least}
            max={most}
            clampBehavior="strict"
            allowDecimal={false}
            required
            value={form.most}
            onChange={(value) => set({ most: Number(value) })}
          />
          {form.rule === "count" && (
            <>
              <Select
                label="A"
                allowDeselect={false}
                data={["day", "week"]}
                value={form.period}
                onChange={(value) => set({ period: value as BookingRuleIn["period"] })}
              />
              <Select
                label="For"
                allowDeselect={false}
                data={[
                  { value: "clinician", label: "each clinician" },
                  { value: "location", label: "each clinic" },
                  { value: "practice", label: "the practice" },
                ]}
                value={form.per}
                onChange={(value) => set({ per: value as BookingRuleIn["per"] })}
              />
            </>
          )}
        </SimpleGrid>
        <About form={form} set={set} />
        <Alert mt="md" variant="light" color="desk" p="sm">
          {ruleText(body, names)}
        </Alert>
        <Buttons busy={add.isPending || change.isPending} onClose={onClose} />
      </form>
    </Modal>
  );
}

function About({ form, set }: { form: BookingRuleIn; set: (part: Partial<BookingRuleIn>) => void }) {
  const me = useMe();
  const clinicians = useClinicians().data?.items ?? [];
  const types = useTypes().data?.items ?? [];
  const options = (items: { id: string; name: string }[]) =>
    items.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <SimpleGrid cols={2} mt="sm" spacing="sm">
      <Select
        label="Kind of visit"
        placeholder="Every kind"
        clearable
        data={KINDS}
        value={form.type_kind ?? null}
        onChange={(value) =>
          set({ type_kind: value as BookingRuleIn["type_kind"], appointment_type_id: null })
        }
      />
      <Select
        label="Visit type"
        placeholder="Every type"
        clearable
        data={options(types)}
        value={form.appointment_type_id ?? null}
        onChange={(value) => set({ appointment_type_id: value, type_kind: value ? null : form.type_kind })}
      />
      <Select
        label="Clinician"
        placeholder="Every clinician"
        clearable
        searchable
        data={options(clinicians)}
        value={form.clinician_id ?? null}
        onChange={(value) => set({ clinician_id: value })}
      />
      <Select
        label="Clinic"
        placeholder="Every clinic"
        clearable
        data={options(me.locations)}
        value={form.location_id ?? null}
        onChange={(value) => set({ location_id: value })}
      />
      <TextInput
        label="Payer's name has"
        placeholder="Every payer"
        maxLength={100}
        value={form.payer ?? ""}
        onChange={(event) => set({ payer: event.currentTarget.value })}
      />
    </SimpleGrid>
  );
}
