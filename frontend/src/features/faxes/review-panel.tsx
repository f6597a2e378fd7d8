import { Alert, Anchor, Badge, Button, Group, Loader, SegmentedControl, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, CircleAlert } from "lucide-react";
import { ago, moment, phone, words } from "../../shared/lib/format";
import { KeysDialog } from "./dialogs";
import type { Draft } from "./draft";
import { Matches, type Target } from "./matches";
import { type FaxOut, type FaxSegmentOut, isReading } from "./queries";
import classes from "./review.module.css";
import { ReviewActions } from "./review-actions";
import { SegmentFields } from "./segment-fields";
import { HOLDS, STATUS } from "./wording";

interface Props {
  fax: FaxOut;
  segment: FaxSegmentOut | undefined;
  actions: string[];
  draft: Draft;
  lit: string | null;
  target: Target;
  filing: boolean;
  help: boolean;
  onHelp: (opened: boolean) => void;
  onSegment: (index: number) => void;
  onFocus: (name: string) => void;
  onEdit: (name: string, value: string) => void;
  onTarget: (target: Target) => void;
  onConfirm: () => void;
}

/** Beside the pages: what was read, why a person must look, and what they can do. */
export function ReviewPanel(props: Props) {
  const { fax, segment, actions } = props;
  const status = STATUS[fax.status] ?? { label: words(fax.status), color: "gray" };
  const open = actions.includes("confirm");
  return (
    <section className={classes.panel} aria-label="What was read">
      <header className={classes.panelHead}>
        <Group justify="space-between" wrap="nowrap">
          <Anchor component={Link} to="/faxes" size="sm" c="dimmed">
            <ArrowLeft size={14} style={{ verticalAlign: -2 }} /> Faxes
          </Anchor>
          <Badge
            variant="light"
            color={status.color}
            leftSection={isReading(fax) ? <Loader size={9} /> : null}
          >
            {status.label}
          </Badge>
        </Group>
        <h1 className={classes.panelTitle}>{segment ? words(segment.kind) : "Fax"}</h1>
        <Text size="sm" c="dimmed" title={moment(fax.received_at)}>
          {[
            ago(fax.received_at),
            fax.from_number && `from ${phone(fax.from_number)}`,
            `by ${words(fax.channel)}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </header>
      <div className={classes.panelBody}>
        {fax.failure && (
          <Alert
            color="red"
            variant="light"
            icon={<CircleAlert size={18} />}
            title="This fax could not be read"
          >
            {fax.failure.detail}
          </Alert>
        )}
        {fax.reject_reason && (
          <Alert color="gray" variant="light" title="Rejected">
            {fax.reject_reason}
          </Alert>
        )}
        {segment && segment.hold_reasons.length > 0 && open && (
          <Alert color="orange" variant="light" icon={<CircleAlert size={18} />} title="Why this needs you">
            <ul className={classes.reasons}>
              {segment.hold_reasons.map((code) => (
                <li key={code}>{HOLDS[code] ?? words(code)}</li>
              ))}
            </ul>
          </Alert>
        )}
        {segment?.lead_id && (
          <Button
            variant="light"
            fullWidth
            mb="sm"
            renderRoot={(props) => (
              <Link to="/board" search={{ lead: segment.lead_id ?? undefined }} {...props} />
            )}
          >
            Open the lead
          </Button>
        )}
        {fax.segments.length > 1 && (
          <SegmentedControl
            fullWidth
            size="xs"
            mb="sm"
            aria-label="Patient"
            value={String(segment?.index ?? 0)}
            onChange={(value) => props.onSegment(Number(value))}
            data={fax.segments.map((found) => ({
              value: String(found.index),
              label: `Patient ${found.index + 1} (p. ${found.pages.join(", ")})`,
            }))}
          />
        )}
        {segment && open && (
          <Matches faxId={fax.id} segment={segment.index} target={props.target} onChange={props.onTarget} />
        )}
        {segment && (
          <SegmentFields
            segment={segment}
            draft={props.draft}
            litField={props.lit}
            readOnly={!open}
            onFocus={props.onFocus}
            onChange={props.onEdit}
          />
        )}
      </div>
      <ReviewActions
        fax={fax}
        actions={actions}
        filing={props.filing}
        onConfirm={props.onConfirm}
        onHelp={() => props.onHelp(true)}
      />
      <KeysDialog opened={props.help} onClose={() => props.onHelp(false)} />
    </section>
  );
}
