import { Modal } from "@mantine/core";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import { DoubleRow } from "./double-row";
import classes from "./offices.module.css";
import { useDoubles } from "./queries";

/** Every office that may be another. */
export function DoublesDialog({ onClose }: { onClose: () => void }) {
  const doubles = useDoubles();
  const items = doubles.data?.items ?? [];
  return (
    <Modal opened onClose={onClose} title="Offices that may be one" size="xl">
      {doubles.isPending && <Loading />}
      {doubles.isError && <Failed error={doubles.error} retry={() => doubles.refetch()} />}
      {doubles.isSuccess && items.length === 0 && (
        <Empty title="No doubles">No two offices here look like one.</Empty>
      )}
      <ul className={classes.plain}>
        {items.map((double) => (
          <DoubleRow key={`${double.first.id} ${double.second.id}`} double={double} />
        ))}
      </ul>
    </Modal>
  );
}
