import { Table, Text } from "@mantine/core";
import { day } from "../../shared/lib/format";
import type { ScorecardOut, SentenceOut } from "./queries";
import classes from "./reports.module.css";

interface Props {
  card: ScorecardOut;
  onOpen?: (sentence: SentenceOut) => void;
}

/** What the referrer will read; each sentence that states a figure opens to its rows. */
export function ScorecardSheet({ card, onOpen }: Props) {
  return (
    <div className={classes.sheet}>
      <Text size="sm" c="dimmed" mb="md">
        {[card.referrer, card.office].filter(Boolean).join(", ")} · {day(card.from)} to {day(card.to)}
      </Text>
      <ul className={classes.sentences}>
        {card.sentences.map((sentence) => (
          <li key={sentence.key}>
            <p className={`${classes.sentence} ${sentence.said ? "" : classes.unsaid}`}>
              {sentence.said && onOpen ? (
                <Opening sentence={sentence} onOpen={() => onOpen(sentence)} />
              ) : (
                sentence.text
              )}
            </p>
            {sentence.note && (
              <Text size="sm" c="dimmed">
                {sentence.note}
              </Text>
            )}
          </li>
        ))}
      </ul>
      {card.counts.length > 0 && (
        <Table mt="md" fz="sm" w="auto" className={classes.counts} aria-label="Referrals of this period">
          <Table.Tbody>
            {card.counts.map((count) => (
              <Table.Tr key={count.label}>
                <Table.Td>{count.label}</Table.Td>
                <Table.Td ta="right">{count.text}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}

/** The figure inside the sentence is what opens. */
function Opening({ sentence, onOpen }: { sentence: SentenceOut; onOpen: () => void }) {
  const found = /-?\d[\d.,]*(?: %| visits?)?/.exec(sentence.text);
  if (!found) return <>{sentence.text}</>;
  const end = found.index + found[0].length;
  return (
    <>
      {sentence.text.slice(0, found.index)}
      <button
        type="button"
        className={classes.link}
        aria-label={`${found[0]}: show the rows`}
        onClick={onOpen}
      >
        {found[0]}
      </button>
      {sentence.text.slice(end)}
    </>
  );
}
