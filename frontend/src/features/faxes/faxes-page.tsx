import { Badge, Button, FileButton, Loader, Tabs, Text, TextInput } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { useDebouncedCallback } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Inbox, Search, Upload } from "lucide-react";
import { ago, moment, phone, words } from "../../shared/lib/format";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import classes from "./faxes.module.css";
import { useUpload } from "./mutations";
import { type FaxSummary, isReading, useFaxCounts, useFaxes } from "./queries";
import { HOLDS, STATUS } from "./wording";

const TYPES = ["application/pdf", "image/tiff", "image/png", "image/jpeg"];
const NOTHING: Record<string, string> = {
  needs_review: "Every fax is dealt with. New ones appear here by themselves.",
  in_progress: "No fax is being read right now.",
  failed: "Every fax could be read.",
  filed: "Nothing was filed yet.",
  rejected: "Nothing was rejected.",
};

/** The fax queue. */
export function FaxesPage() {
  const { tab = "needs_review", q } = useSearch({ from: "/desk/faxes" });
  const navigate = useNavigate({ from: "/faxes" });
  const counts = useFaxCounts().data;
  const faxes = useFaxes(tab, q);
  const upload = useUpload();
  const may = useMay("faxes:write");
  const items = faxes.data?.pages.flatMap((page) => page.items) ?? [];
  const find = useDebouncedCallback(
    (text: string) => navigate({ search: (before) => ({ ...before, q: text || undefined }), replace: true }),
    250,
  );
  const send = (files: File[]) => {
    for (const file of files) upload.mutate({ body: { file } });
  };
  const tabs: [string, string, number | undefined][] = [
    ["needs_review", "Needs review", counts?.needs_review],
    ["in_progress", "Being read", counts?.in_progress],
    ["failed", "Not readable", counts?.failed],
    ["filed", "Filed", undefined],
    ["rejected", "Rejected", undefined],
    ["all", "All", undefined],
  ];
  return (
    <Dropzone
      onDrop={send}
      accept={TYPES}
      activateOnClick={false}
      multiple
      enablePointerEvents
      className={classes.drop}
      maxSize={25 * 1024 * 1024}
      aria-label="Faxes; drop files to upload"
      tabIndex={-1}
    >
      <PageHead title="Faxes">
        <TextInput
          size="xs"
          w={200}
          aria-label="Find a fax"
          placeholder="Patient or referrer"
          leftSection={<Search size={14} />}
          defaultValue={q ?? ""}
          onChange={(event) => find(event.currentTarget.value)}
        />
        {may && (
          <FileButton multiple accept={TYPES.join(",")} onChange={send}>
            {(props) => (
              <Button {...props} leftSection={<Upload size={16} />} loading={upload.isPending}>
                Upload
              </Button>
            )}
          </FileButton>
        )}
      </PageHead>
      <Tabs
        value={tab}
        onChange={(value) => navigate({ search: (before) => ({ ...before, tab: value ?? undefined }) })}
        px="lg"
      >
        <Tabs.List>
          {tabs.map(([value, label, count]) => (
            <Tabs.Tab
              key={value}
              value={value}
              rightSection={
                count ? (
                  <Badge size="sm" variant="light" color={value === "failed" ? "red" : "orange"}>
                    {count}
                  </Badge>
                ) : null
              }
            >
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab}>
          {faxes.isPending && <Loading label="Loading faxes" />}
          {faxes.isError && <Failed error={faxes.error} retry={() => faxes.refetch()} />}
          {faxes.isSuccess && items.length === 0 && (
            <Empty icon={<Inbox size={34} color="#0f766e" />} title={q ? "No such fax" : "Nothing here"}>
              {q
                ? "Try another name."
                : (NOTHING[tab] ?? "Drop a PDF or TIFF anywhere on this page to upload it.")}
            </Empty>
          )}
          <ul className={classes.list}>
            {items.map((fax) => (
              <FaxRow key={fax.id} fax={fax} />
            ))}
          </ul>
          {faxes.hasNextPage && (
            <Button
              variant="default"
              my="md"
              loading={faxes.isFetchingNextPage}
              onClick={() => faxes.fetchNextPage()}
            >
              Show older
            </Button>
          )}
        </Tabs.Panel>
      </Tabs>
    </Dropzone>
  );
}

function FaxRow({ fax }: { fax: FaxSummary }) {
  const status = STATUS[fax.status] ?? { label: words(fax.status), color: "gray" };
  const why =
    fax.failure?.detail ?? fax.reject_reason ?? fax.hold_reasons.map((code) => HOLDS[code] ?? words(code))[0];
  return (
    <li>
      <Link to="/faxes/$faxId" params={{ faxId: fax.id }} className={classes.row}>
        <span className={classes.who}>
          <Text fw={650} component="span">
            {fax.patient_display_name ?? (isReading(fax) ? "Being read…" : "Unknown patient")}
          </Text>
          <Text size="sm" c="dimmed" component="span" lineClamp={1}>
            {[fax.sender_name, phone(fax.from_number)].filter(Boolean).join(" · ") ||
              `by ${words(fax.channel)}`}
          </Text>
        </span>
        <Text size="sm" component="span" className={classes.why} lineClamp={2}>
          {why}
        </Text>
        <Text size="sm" c="dimmed" component="span" className={classes.kind}>
          {[fax.kind && words(fax.kind), fax.page_count && `${fax.page_count} p.`].filter(Boolean).join(", ")}
        </Text>
        <Text size="sm" c="dimmed" component="span" title={moment(fax.received_at)} className={classes.when}>
          {ago(fax.received_at)}
        </Text>
        <Badge variant="light" color={status.color} leftSection={isReading(fax) ? <Loader size={9} /> : null}>
          {status.label}
        </Badge>
      </Link>
    </li>
  );
}
