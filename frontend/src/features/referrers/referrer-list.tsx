import { Badge, Skeleton, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Stethoscope } from "lucide-react";
import { useEffect, useRef } from "react";
import { ago, moment } from "../../shared/lib/format";
import { Empty, Failed } from "../../shared/ui/states";
import { type ReferrerRow, useReferrers } from "./queries";
import classes from "./referrers.module.css";
import type { ReferrersSearch } from "./search";
import { Sparkline } from "./sparkline";
import { fullName, STATUS, trend } from "./wording";

const ROW = 64;
const AHEAD = 30;

/** Referrers; only what is on the screen is drawn, however many there are. */
export function ReferrerList({ search }: { search: ReferrersSearch }) {
  const scroller = useRef<HTMLDivElement>(null);
  const query = useReferrers(search);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (last >= items.length - AHEAD && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const filtered = Boolean(search.q || search.status);
  return (
    <div className={classes.panel}>
      <div className={classes.head} aria-hidden="true">
        <span>Referrer</span>
        <span className={classes.wide}>Specialty</span>
        <span>Status</span>
        <span>90 days</span>
        <span className={classes.wide}>Last referral</span>
      </div>
      <div ref={scroller} className={classes.rows}>
        {query.isPending &&
          [0, 1, 2, 3, 4].map((key) => <Skeleton key={key} height={44} m={10} radius="md" />)}
        {query.isError && <Failed error={query.error} retry={() => query.refetch()} />}
        {query.isSuccess && items.length === 0 && (
          <Empty
            icon={<Stethoscope size={32} color="#0f766e" />}
            title={filtered ? "Nobody found" : "Nobody has referred yet"}
          >
            {filtered
              ? "Try a last name, an office, an NPI, or another status."
              : "Whoever is named on a referral appears here by themselves. You can also add somebody you visit."}
          </Empty>
        )}
        <ul className={classes.inner} style={{ height: virtual.getTotalSize() }} aria-label="Referrers">
          {drawn.map((item) => {
            const row = items[item.index];
            if (!row) return null;
            return (
              <li
                key={row.id}
                className={classes.slot}
                style={{ transform: `translateY(${item.start}px)`, height: ROW }}
                aria-setsize={hasNextPage ? -1 : items.length}
                aria-posinset={item.index + 1}
              >
                <Row row={row} />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

function Row({ row }: { row: ReferrerRow }) {
  const status = STATUS[row.status];
  return (
    <Link to="/referrers/$referrerId" params={{ referrerId: row.id }} className={classes.row}>
      <span className={classes.who}>
        <Text fw={650} component="span" truncate>
          {fullName(row)}
        </Text>
        <Text size="sm" c="dimmed" component="span" truncate>
          {row.office_name ?? (row.kind === "practice" ? "Office" : "No office known")}
        </Text>
      </span>
      <Text size="sm" component="span" className={classes.wide} truncate>
        {row.specialty}
      </Text>
      <span>
        <Badge variant="light" color={status.color} title={row.status_set ? "Set by hand" : undefined}>
          {status.label}
        </Badge>
      </span>
      <span className={classes.numbers} title={trend(row.referrals_90, row.referrals_before)}>
        <Text fw={650} component="span" className={classes.count}>
          {row.referrals_90}
        </Text>
        <span className={classes.wide}>
          <Sparkline values={row.by_month} />
        </span>
        <Delta row={row} />
      </span>
      <Text
        size="sm"
        c="dimmed"
        component="span"
        className={classes.wide}
        title={row.last_referral_at ? moment(row.last_referral_at) : undefined}
      >
        {row.last_referral_at ? ago(row.last_referral_at) : "never"}
      </Text>
    </Link>
  );
}

function Delta({ row }: { row: ReferrerRow }) {
  const change = row.referrals_90 - row.referrals_before;
  if (change === 0) return null;
  return (
    <Text size="xs" component="span" c={change > 0 ? "#115e59" : "#9a3412"}>
      {change > 0 ? `+${change}` : `−${-change}`}
    </Text>
  );
}
