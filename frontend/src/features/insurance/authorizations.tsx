import { Badge, Button, Group, Text } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { day, moment } from "../../shared/lib/format";
import { AuthorizationForm } from "./authorization-form";
import classes from "./insurance.module.css";
import { type AuthorizationOut, type InsuranceOut, useHistory } from "./queries";
import { AUTHORIZATION_STATES, AUTHORIZATION_TONES, counted, eventText, WARNINGS } from "./wording";

interface Props {
  leadId: string;
  insurance: InsuranceOut;
  may: boolean;
}

/** What payers have allowed, and how much of it is used. */
export function Authorizations({ leadId, insurance, may }: Props) {
  const [adding, setAdding] = useState(false);
  const { authorizations, order_authorization: offered, uncounted_visits: uncounted } = insurance;
  const first = insurance.coverages.find((coverage) => coverage.active);
  return (
    <>
      <Group justify="space-between" mt={10} mb={6}>
        <Text component="h4" size="sm" fw={650} m={0}>
          Authorizations
        </Text>
        {may && first && !adding && (
          <Button size="compact-xs" variant="subtle" onClick={() => setAdding(true)}>
            Add authorization
          </Button>
        )}
      </Group>
      {offered && !adding && (
        <p className={classes.warning} role="note">
          The order names authorization {offered.number}
          {offered.visits && ` for ${offered.visits} visits`}. Note it with “Add authorization”.
        </p>
      )}
      {adding && first && (
        <AuthorizationForm
          leadId={leadId}
          coverageId={first.id}
          offered={offered}
          onDone={() => setAdding(false)}
        />
      )}
      {authorizations.length === 0 && !adding && !offered && (
        <Text size="sm" c="dimmed" mb={8}>
          None noted.
        </Text>
      )}
      {authorizations.map((row) => (
        <Row key={row.id} leadId={leadId} row={row} insurance={insurance} may={may} />
      ))}
      {uncounted > 0 && (
        <p className={classes.warning} role="note">
          <TriangleAlert size={15} aria-hidden />
          {uncounted === 1
            ? "1 visit took place without an authorization."
            : `${uncounted} visits took place without an authorization.`}
        </p>
      )}
    </>
  );
}

function Row({ leadId, row, insurance, may }: Props & { row: AuthorizationOut }) {
  const [editing, setEditing] = useState(false);
  const coverage = insurance.coverages.find((found) => found.id === row.coverage_id);
  if (editing)
    return (
      <AuthorizationForm
        leadId={leadId}
        coverageId={row.coverage_id}
        row={row}
        onDone={() => setEditing(false)}
      />
    );
  const dates = [
    row.valid_from && `from ${day(row.valid_from)}`,
    row.valid_until && `until ${day(row.valid_until)}`,
  ];
  const facts = [row.number && `No. ${row.number}`, ...dates, coverage?.payer_name].filter(Boolean);
  const share = row.approved ? Math.min(100, (100 * row.used) / row.approved) : 0;
  return (
    <article className={classes.card} aria-label={`Authorization ${row.number ?? row.state}`}>
      <div className={classes.head}>
        <Group gap={8}>
          <Badge size="sm" variant="light" color={AUTHORIZATION_TONES[row.state]}>
            {AUTHORIZATION_STATES[row.state]}
          </Badge>
          {(row.state === "approved" || row.state === "expired") && (
            <span className={classes.payer}>{counted(row)}</span>
          )}
        </Group>
        {may && (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`Edit authorization ${row.number ?? row.state}`}
            onClick={() => setEditing(true)}
          >
            {row.state === "needed" ? "Note result" : "Edit"}
          </Button>
        )}
      </div>
      {row.approved !== null && row.state === "approved" && (
        <div className={classes.bar} data-low={row.warnings.length > 0 || undefined} aria-hidden>
          <span style={{ width: `${share}%` }} />
        </div>
      )}
      <p className={classes.quiet}>{facts.join(" · ")}</p>
      {row.note && <p className={classes.quiet}>{row.note}</p>}
      {row.warnings.map((warning) => (
        <p
          key={warning}
          className={classes.warning}
          data-tone={warning === "few_left" || warning === "ends_soon" ? undefined : "danger"}
        >
          <TriangleAlert size={15} aria-hidden />
          {WARNINGS[warning]}
        </p>
      ))}
      <History leadId={leadId} id={row.id} />
    </article>
  );
}

function History({ leadId, id }: { leadId: string; id: string }) {
  const [open, setOpen] = useState(false);
  const history = useHistory(leadId, id, open);
  return (
    <details className={classes.more} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>History</summary>
      <ul className={classes.lines}>
        {history.data?.items.map((event) => (
          <li key={event.id}>
            {eventText(event)}{" "}
            <span className={classes.quiet}>
              {moment(event.at)} · {event.by}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
