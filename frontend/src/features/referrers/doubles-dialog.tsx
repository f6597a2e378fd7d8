import { Modal } from "@mantine/core";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { DoubleRow } from "./double-row";
import { useDoubles } from "./queries";
import classes from "./referrers.module.css";

/** Everybody who may be somebody else. */
export function DoublesDialog({ onClose }: { onClose: () => void }) {
  const doubles = useDoubles();
  const items = doubles.data?.items ?? [];
  return (
    <Modal opened onClose={onClose} title="Referrers who may be one" size="xl">
      {doubles.isPending && <Loading />}
      {doubles.isError && <Failed error={doubles.error} retry={() => doubles.refetch()} />}
      {doubles.isSuccess && items.length === 0 && (
        <Empty title="No doubles">Everybody here looks like themselves.</Empty>
      )}
      <ul className={classes.doubles}>
        {items.map((double) => (
          <DoubleRow key={`${double.first.id} ${double.second.id}`} double={double} />
        ))}
      </ul>
    </Modal>
  );
}
