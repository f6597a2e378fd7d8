import { Button, SegmentedControl } from "@mantine/core";
import { MailCheck } from "lucide-react";
import { useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { Arrival } from "./arrival";
import classes from "./lead-capture.module.css";
import { type ArrivalState, useArrivals } from "./queries";

const STATES = [
  { value: "held", label: "To check" },
  { value: "opened", label: "Opened" },
  { value: "discarded", label: "Discarded" },
];

/** Who wrote by the website's form or by e-mail, and could not be opened as a lead without a person's look. */
export function ArrivalsPage() {
  const [state, setState] = useState<ArrivalState>("held");
  const arrivals = useArrivals(state);
  const items = arrivals.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div>
      <PageHead title="Forms and e-mail">
        <SegmentedControl
          size="xs"
          data={STATES}
          value={state}
          onChange={(value) => setState(value as ArrivalState)}
          aria-label="Which to show"
        />
      </PageHead>
      {arrivals.isPending && <Loading label="Loading what arrived" />}
      {arrivals.isError && <Failed error={arrivals.error} retry={() => arrivals.refetch()} />}
      {arrivals.isSuccess && items.length === 0 && (
        <Empty icon={<MailCheck size={28} color="#52646c" />} title="Nothing here">
          {state === "held"
            ? "What comes by the website's form or by e-mail and looks doubtful waits here. Everything else is on the board already."
            : "Nothing yet."}
        </Empty>
      )}
      <ul className={classes.list} aria-label="Arrivals">
        {items.map((item) => (
          <Arrival key={item.id} arrival={item} />
        ))}
      </ul>
      {arrivals.hasNextPage && (
        <Button
          variant="default"
          m="md"
          loading={arrivals.isFetchingNextPage}
          onClick={() => arrivals.fetchNextPage()}
        >
          More
        </Button>
      )}
    </div>
  );
}
