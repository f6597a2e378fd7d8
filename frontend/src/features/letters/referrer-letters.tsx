import { Button, Text } from "@mantine/core";
import { Failed, Loading } from "../../shared/ui/states";
import { LetterCard } from "./letter-card";
import classes from "./letters.module.css";
import { useReferrerLetters } from "./queries";

/** Every letter to one referrer, for their page. */
export function ReferrerLetters({ referrerId }: { referrerId: string }) {
  const letters = useReferrerLetters(referrerId);
  if (letters.isPending) return <Loading label="Loading the letters" />;
  if (letters.isError) return <Failed error={letters.error} retry={() => letters.refetch()} />;
  const items = letters.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing was written to them yet.
      </Text>
    );
  return (
    <>
      <ul className={`${classes.list} ${classes.queue}`} aria-label="Letters">
        {items.map((letter) => (
          <LetterCard key={letter.id} letter={letter} about />
        ))}
      </ul>
      {letters.hasNextPage && (
        <Button
          variant="default"
          loading={letters.isFetchingNextPage}
          onClick={() => letters.fetchNextPage()}
        >
          Show older
        </Button>
      )}
    </>
  );
}
