import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { ago, words } from "../../shared/lib/format";
import { useMay } from "../session";
import { DataTable } from "./data-table";
import { useReplayDelivery, useReplayJob } from "./mutations";
import { useDeliveries, useJobs } from "./queries";

/** Background work; dead jobs wait for a person. */
export function Jobs() {
  const [state, setState] = useState("dead");
  const jobs = useJobs(state);
  const replay = useReplayJob();
  const may = useMay("operations:write");
  const rows = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label="State of jobs"
        value={state}
        onChange={setState}
        data={["dead", "queued", "leased", "done"].map((value) => ({ value, label: words(value) }))}
      />
      <DataTable
        label="Jobs"
        head={["Kind", "Queue", "Attempts", "Reason", "Made", ""]}
        query={jobs}
        empty={state === "dead" ? "No job has given up." : "No such jobs right now."}
        more={jobs.hasNextPage ? () => jobs.fetchNextPage() : null}
        rows={rows.map((job) => ({
          key: job.id,
          cells: [
            job.kind,
            job.queue,
            job.attempt,
            job.error_code ?? "",
            ago(job.created_at),
            may && job.state === "dead" && (
              <Button
                key="again"
                size="compact-xs"
                onClick={() => replay.mutate({ path: { job_id: job.id } })}
              >
                Run again
              </Button>
            ),
          ],
        }))}
      />
    </>
  );
}

/** What providers sent, and what became of it. */
export function Deliveries() {
  const [state, setState] = useState("");
  const deliveries = useDeliveries(state);
  const replay = useReplayDelivery();
  const may = useMay("operations:write");
  const rows = deliveries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label="State of events"
        value={state}
        onChange={setState}
        data={[
          { value: "", label: "All" },
          ...["pending", "processed", "ignored", "failed"].map((value) => ({ value, label: words(value) })),
        ]}
      />
      <DataTable
        label="Provider events"
        head={["Provider", "Event", "State", "Received", "Replays", ""]}
        query={deliveries}
        empty="No provider has sent anything yet."
        more={deliveries.hasNextPage ? () => deliveries.fetchNextPage() : null}
        rows={rows.map((found) => ({
          key: found.id,
          cells: [
            words(found.provider),
            found.event_id,
            words(found.state),
            ago(found.received_at),
            found.replays,
            may && (
              <Button
                key="again"
                size="compact-xs"
                variant="default"
                onClick={() => replay.mutate({ path: { delivery_id: found.id } })}
              >
                Process again
              </Button>
            ),
          ],
        }))}
      />
    </>
  );
}
