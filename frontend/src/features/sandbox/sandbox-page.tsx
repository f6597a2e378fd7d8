import { Button, FileButton, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Dices, Send, Upload } from "lucide-react";
import { useState } from "react";
import { phone, words } from "../../shared/lib/format";
import { PageHead } from "../../shared/ui/page-head";
import { Failed, Loading } from "../../shared/ui/states";
import { DoctorsFax } from "./doctors-fax";
import { previewOf, useAccounts, useSamples, useSendFile, useSendSample } from "./queries";
import classes from "./sandbox.module.css";

const SIDES = [
  { value: "send", label: "Send a fax" },
  { value: "printed", label: "What it printed" },
];

/** The doctor's fax machine: send to the practice, and see what the practice sent. */
export function SandboxPage() {
  const [side, setSide] = useState("send");
  return (
    <div>
      <PageHead title="Doctor's fax machine">
        <SegmentedControl aria-label="What to do" data={SIDES} value={side} onChange={setSide} />
      </PageHead>
      {side === "send" ? <SendAFax /> : <DoctorsFax />}
    </div>
  );
}

/** Draw a sample, choose a carrier, send. */
function SendAFax() {
  const accounts = useAccounts();
  const samples = useSamples();
  const sendSample = useSendSample();
  const sendFile = useSendFile();
  const [layout, setLayout] = useState<string | null>(null);
  const [condition, setCondition] = useState<string | null>(null);
  const [provider, setProvider] = useState<string | null>(null);
  const [seed, setSeed] = useState(() => Math.floor(Math.random() * 10_000));
  if (accounts.isPending || samples.isPending) return <Loading label="Loading the sandbox" />;
  if (accounts.isError) return <Failed error={accounts.error} retry={() => accounts.refetch()} />;
  if (samples.isError) return <Failed error={samples.error} retry={() => samples.refetch()} />;
  const line = accounts.data.find((found) => found.provider === provider) ?? accounts.data[0];
  const kind = layout ?? samples.data.layouts[0]?.name ?? "";
  const quality = condition ?? samples.data.conditions[0]?.name ?? "";
  if (!line) return <Failed error={{ detail: "The sandbox has no fax lines. Seed the demo first." }} />;
  const to = line.number;
  return (
    <div className={classes.page}>
      <Stack gap="sm" className={classes.form}>
        <Text size="sm" c="dimmed">
          This sandbox stands for the fax carriers. What you send here arrives by the carrier's own webhook,
          as a real fax would.
        </Text>
        <Select
          label="Carrier"
          allowDeselect={false}
          data={accounts.data.map((found) => ({
            value: found.provider,
            label: `${words(found.provider)} · ${phone(found.number)}`,
          }))}
          value={line.provider}
          onChange={setProvider}
        />
        <Select
          label="Sample"
          allowDeselect={false}
          data={samples.data.layouts.map((found) => ({ value: found.name, label: found.title }))}
          value={kind}
          onChange={setLayout}
        />
        <Select
          label="Quality"
          allowDeselect={false}
          data={samples.data.conditions.map((found) => ({ value: found.name, label: found.title }))}
          value={quality}
          onChange={setCondition}
        />
        <Group gap="xs">
          <Button
            leftSection={<Send size={16} />}
            loading={sendSample.isPending}
            onClick={() =>
              sendSample.mutate(
                { layout: kind, condition: quality, seed, provider: line.provider },
                { onSuccess: () => setSeed(seed + 1) },
              )
            }
          >
            Send the fax
          </Button>
          <Button variant="default" leftSection={<Dices size={16} />} onClick={() => setSeed(seed + 1)}>
            Another patient
          </Button>
        </Group>
        <FileButton
          accept="application/pdf,image/tiff,image/png,image/jpeg"
          onChange={(file) => file && sendFile.mutate({ file, provider: line.provider, to })}
        >
          {(props) => (
            <Button
              {...props}
              variant="subtle"
              leftSection={<Upload size={16} />}
              loading={sendFile.isPending}
            >
              Send a file of your own
            </Button>
          )}
        </FileButton>
        <Text size="sm">
          Then look at <Link to="/faxes">Faxes</Link> or the <Link to="/board">Board</Link>, and answer as the
          patient on the <Link to="/patients-phone">Patient's phone</Link>.
        </Text>
      </Stack>
      <div className={classes.preview}>
        <img src={previewOf(kind, quality, seed)} alt="First page of the sample" />
      </div>
    </div>
  );
}
