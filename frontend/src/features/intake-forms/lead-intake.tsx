import { Badge, Button, Group, Progress, Select, Text } from "@mantine/core";
import { FileText, MessageSquare, QrCode, Tablet, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useLive } from "../../shared/realtime/live";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { Differences } from "./differences";
import { HandOver, QrDialog } from "./give-dialogs";
import classes from "./intake.module.css";
import { IntakeAnswers } from "./intake-answers";
import {
  useCancelIntake,
  useFreshIntakes,
  usePrepareIntake,
  useResendIntake,
  useSendIntake,
} from "./mutations";
import { type IntakeDetail, type LeadOut, useForms, useIntake, useIntakes } from "./queries";
import { mayText, stateWords, textWords } from "./wording";

/** The lead's intake form: how far it is, what is missing, what the patient wrote, and how to give it. */
export function LeadIntake({ lead }: { lead: LeadOut }) {
  const found = useIntakes(lead.id);
  const fresh = useFreshIntakes();
  const may = useMay("intake:write");
  useLive((event) => {
    if ((event.type.startsWith("lead.") && event.id === lead.id) || event.type === "resync") fresh();
  });
  if (found.isPending) return <Loading label="Loading the intake form" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const newest = found.data.items.find((intake) => intake.state !== "canceled");
  const again = newest === undefined || newest.state === "submitted";
  return (
    <>
      {newest ? (
        <Shown intakeId={newest.id} may={may} />
      ) : (
        <Text size="sm" c="dimmed" mb={6}>
          The patient has no form yet.
        </Text>
      )}
      {may && again && <Give lead={lead} first={newest === undefined} />}
    </>
  );
}

function Shown({ intakeId, may }: { intakeId: string; may: boolean }) {
  const found = useIntake(intakeId);
  const [reading, setReading] = useState(false);
  if (found.isPending) return <Loading label="Loading the intake form" />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const intake = found.data;
  return (
    <div className={classes.panel}>
      <Group gap={8} wrap="wrap">
        <Text size="sm" fw={600}>
          {intake.form_name}
        </Text>
        {intake.language === "es" && (
          <Badge size="sm" variant="light" color="gray">
            Spanish
          </Badge>
        )}
        <Text size="sm" c="dimmed">
          {stateWords(intake)}
        </Text>
      </Group>
      {intake.state === "started" && <Way intake={intake} />}
      {intake.alerts > 0 && (
        <div className={classes.alert} role="note">
          <TriangleAlert size={16} aria-hidden />
          <span>
            {warnings(intake).join(" · ") || "A warning sign was ticked"}: read this before the visit.
          </span>
        </div>
      )}
      {intake.differences.length > 0 && <Differences intake={intake} may={may} />}
      <Group gap={6} mt={8} mb={10}>
        {intake.parts.length > 0 && (
          <Button
            size="compact-xs"
            variant="light"
            leftSection={<FileText size={13} />}
            onClick={() => setReading(true)}
          >
            Read answers
          </Button>
        )}
        {intake.state === "submitted" &&
          (intake.pdf ? (
            <Button
              size="compact-xs"
              variant="default"
              component="a"
              href={`/api/v1/intake/${intake.id}/pdf`}
              download
            >
              PDF
            </Button>
          ) : (
            <Text size="xs" c="dimmed" role="status">
              The PDF is being made…
            </Text>
          ))}
        {may && intake.state !== "submitted" && <Actions intake={intake} />}
      </Group>
      {reading && <IntakeAnswers intake={intake} onClose={() => setReading(false)} />}
    </div>
  );
}

function warnings(intake: IntakeDetail): string[] {
  return intake.parts.flatMap((part) =>
    part.lines.filter((line) => line.alert).map((line) => line.words.join(", ")),
  );
}

function Way({ intake }: { intake: IntakeDetail }) {
  const { missing, percent } = intake;
  return (
    <>
      <Progress value={percent} size="md" my={8} aria-label={`${percent} % filled in`} />
      <Text size="xs" c="dimmed">
        {percent} %{missing.length === 0 && " · everything is answered, but it is not handed in"}
      </Text>
      {missing.length > 0 && (
        <details className={classes.missing}>
          <summary>{missing.length} answers missing</summary>
          <ul>
            {missing.map((label) => (
              <li key={label}>{label}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Actions({ intake }: { intake: IntakeDetail }) {
  const resend = useResendIntake();
  const cancel = useCancelIntake();
  const path = { intake_id: intake.id };
  return (
    <>
      {mayText(intake) ? (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<MessageSquare size={13} />}
          loading={resend.isPending}
          onClick={() => resend.mutate({ path })}
        >
          {intake.welcome ? "Text again" : "Text the link"}
        </Button>
      ) : (
        <Text size="xs" c="dimmed">
          Texted twice ({intake.reminder && textWords(intake.reminder)}): call, or open it here.
        </Text>
      )}
      <OnTheSpot intakeId={intake.id} />
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        loading={cancel.isPending}
        onClick={() => cancel.mutate({ path })}
      >
        Take back
      </Button>
    </>
  );
}

function OnTheSpot({ intakeId }: { intakeId: string }) {
  const [dialog, setDialog] = useState<"qr" | "here" | null>(null);
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<QrCode size={13} />}
        onClick={() => setDialog("qr")}
      >
        Show a code
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<Tablet size={13} />}
        onClick={() => setDialog("here")}
      >
        Open on this device
      </Button>
      {dialog === "qr" && <QrDialog intakeId={intakeId} onClose={() => setDialog(null)} />}
      {dialog === "here" && <HandOver intakeId={intakeId} onClose={() => setDialog(null)} />}
    </>
  );
}

function Give({ lead, first }: { lead: LeadOut; first: boolean }) {
  const forms = useForms();
  const send = useSendIntake();
  const prepare = usePrepareIntake();
  const published = (forms.data?.items ?? []).filter((form) => form.published !== null);
  const [chosen, setChosen] = useState<string | null>(null);
  const formId = chosen ?? published[0]?.id ?? null;
  const give = (by: "text" | "desk") => ({ path: { lead_id: lead.id }, body: { form_id: formId, by } });
  return (
    <Group gap={8} mb={10} align="flex-end">
      {published.length > 1 && (
        <Select
          label="Form"
          size="xs"
          w={190}
          allowDeselect={false}
          data={published.map((form) => ({ value: form.id, label: form.name }))}
          value={formId}
          onChange={setChosen}
        />
      )}
      {lead.patient.phone && (
        <Button
          size="xs"
          variant="light"
          leftSection={<MessageSquare size={14} />}
          loading={send.isPending}
          onClick={() => send.mutate(give("text"))}
        >
          {first ? "Text the form" : "Text a new form"}
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<Tablet size={14} />}
        loading={prepare.isPending}
        onClick={() => prepare.mutate(give("desk"))}
      >
        Fill it in here
      </Button>
    </Group>
  );
}
