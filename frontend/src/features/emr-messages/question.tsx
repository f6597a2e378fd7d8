import { Button, Group } from "@mantine/core";
import { moment } from "../../shared/lib/format";
import { useMay } from "../session";
import { Candidate } from "./candidate";
import classes from "./emr-messages.module.css";
import { useDecide, useForget } from "./mutations";
import { PatientSearch } from "./patient-search";
import type { Hl7QuestionOut } from "./queries";
import { messageLine, moreLine, nameOf, outcomeLine, patientLine, personLine } from "./wording";

/** What the EMR says of one patient, and who that may be. */
export function Question({ question }: { question: Hl7QuestionOut }) {
  const may = useMay("leads:write");
  const more = moreLine(question);
  return (
    <li className={classes.item} aria-label={nameOf(question.person)}>
      <h2 className={classes.name}>{nameOf(question.person)}</h2>
      <p className={classes.meta}>{personLine(question.person)}</p>
      <ul className={classes.messages} aria-label={`From ${question.sender_name}`}>
        {question.messages.map((message) => (
          <li key={message.received_at + message.event}>{messageLine(message)}</li>
        ))}
        {more && <li>{more}</li>}
      </ul>
      {question.state === "open" ? (
        <>
          <p className={classes.why}>{question.why}</p>
          {may && <Decide question={question} />}
        </>
      ) : (
        <Decided question={question} may={may} />
      )}
    </li>
  );
}

function Decide({ question }: { question: Hl7QuestionOut }) {
  const decide = useDecide();
  const path = { question_id: question.id };
  const choose = (patient_id: string) => decide.mutate({ path, body: { decision: "same", patient_id } });
  return (
    <>
      {question.candidates.length > 0 && (
        <ul className={classes.people} aria-label="Who may be meant">
          {question.candidates.map((patient) => (
            <Candidate
              key={patient.patient_id}
              patient={patient}
              busy={decide.isPending}
              onChoose={() => choose(patient.patient_id)}
            />
          ))}
        </ul>
      )}
      <PatientSearch
        but={question.candidates.map((each) => each.patient_id)}
        busy={decide.isPending}
        onChoose={(patient) => choose(patient.patient_id)}
      />
      <Group gap="xs" mt="sm">
        {question.may_be_new && (
          <Button
            size="xs"
            loading={decide.isPending}
            onClick={() => decide.mutate({ path, body: { decision: "new" } })}
          >
            Somebody new
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          disabled={decide.isPending}
          onClick={() => decide.mutate({ path, body: { decision: "leave_out" } })}
        >
          Leave out
        </Button>
      </Group>
    </>
  );
}

function Decided({ question, may }: { question: Hl7QuestionOut; may: boolean }) {
  const forget = useForget();
  return (
    <>
      {question.patient && (
        <p className={classes.chosen}>
          It is {question.patient.display_name}, {patientLine(question.patient)}
        </p>
      )}
      <p className={classes.meta}>
        {outcomeLine(question)}
        {question.decided_at && `. Decided by ${question.decided_by}, ${moment(question.decided_at)}`}
      </p>
      {may && (
        <Button
          size="xs"
          variant="default"
          mt="sm"
          loading={forget.isPending}
          onClick={() => forget.mutate({ path: { question_id: question.id } })}
        >
          Ask again next time
        </Button>
      )}
    </>
  );
}
