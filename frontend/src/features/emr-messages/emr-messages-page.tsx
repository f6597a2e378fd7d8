import { Button, SegmentedControl } from "@mantine/core";
import { UserRoundCheck } from "lucide-react";
import { useState } from "react";
import { PageHead } from "../../shared/ui/page-head";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import classes from "./emr-messages.module.css";
import { type QuestionState, useQuestions } from "./queries";
import { Question } from "./question";

const STATES = [
  { value: "open", label: "To decide" },
  { value: "decided", label: "Decided" },
];

/** Messages of the EMR (HL7) of which only a person can say whose they are. */
export function EmrMessagesPage() {
  const [state, setState] = useState<QuestionState>("open");
  const questions = useQuestions(state);
  const items = questions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div>
      <PageHead title="Whose messages are these?">
        <SegmentedControl
          size="xs"
          data={STATES}
          value={state}
          onChange={(value) => setState(value as QuestionState)}
          aria-label="Which to show"
        />
      </PageHead>
      <p className={classes.about}>
        The EMR wrote about these patients, and it cannot be told for sure who they are here. What you say
        holds for all it has sent, and will send, about a patient called so.
      </p>
      {questions.isPending && <Loading label="Loading messages" />}
      {questions.isError && <Failed error={questions.error} retry={() => questions.refetch()} />}
      {questions.isSuccess && items.length === 0 && (
        <Empty icon={<UserRoundCheck size={28} color="#52646c" />} title="Nothing here">
          {state === "open"
            ? "Of every message of the EMR it is clear whose it is."
            : "Whoever you choose for a message is remembered here."}
        </Empty>
      )}
      <ul className={classes.list} aria-label="Patients">
        {items.map((item) => (
          <Question key={item.id} question={item} />
        ))}
      </ul>
      {questions.hasNextPage && (
        <Button
          variant="default"
          m="md"
          loading={questions.isFetchingNextPage}
          onClick={() => questions.fetchNextPage()}
        >
          More
        </Button>
      )}
    </div>
  );
}
