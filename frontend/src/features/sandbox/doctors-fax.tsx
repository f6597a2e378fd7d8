import { Badge, Button, Checkbox, Group, Text, UnstyledButton } from "@mantine/core";
import { Printer, Send } from "lucide-react";
import { useState } from "react";
import { moment, phone, words } from "../../shared/lib/format";
import { Empty, Failed, Loading } from "../../shared/ui/states";
import classes from "./doctors-fax.module.css";
import { type Mark, type PrintedFax, printOf, useBoxes, useFaxBack, usePrinted } from "./doctors-fax-queries";

// Above the line to sign on, at its left end.
const SIGNATURE: Mark = { x: 0.15, y: 0.785 };

/** The doctor's fax machine: what it printed, and a page that is ticked, signed and fed back. */
export function DoctorsFax() {
  const printed = usePrinted();
  const [chosen, setChosen] = useState<string | null>(null);
  if (printed.isPending) return <Loading label="Loading what the machine printed" />;
  if (printed.isError) return <Failed error={printed.error} retry={() => printed.refetch()} />;
  const fax = printed.data.find((one) => one.id === chosen) ?? printed.data[0];
  if (!fax)
    return (
      <Empty icon={<Printer size={34} color="#0f766e" />} title="Nothing was printed yet">
        Letters to referrers appear here as soon as they are faxed.
      </Empty>
    );
  return (
    <div className={classes.machine}>
      <ul className={classes.list} aria-label="Printed faxes">
        {printed.data.map((one) => (
          <li key={one.id}>
            <UnstyledButton
              className={classes.item}
              data-chosen={one.id === fax.id || undefined}
              aria-current={one.id === fax.id}
              onClick={() => setChosen(one.id)}
            >
              <Text size="sm" fw={600}>
                {phone(one.to)}
              </Text>
              <Text size="xs" c="dimmed">
                {moment(one.received_at)} by {words(one.provider)}
              </Text>
              {one.status !== "delivered" && (
                <Badge size="xs" variant="light" color={one.status === "failed" ? "red" : "blue"}>
                  {one.outcome ? words(one.outcome) : "Arriving"}
                </Badge>
              )}
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Sheet key={fax.id} fax={fax} />
    </div>
  );
}

function Sheet({ fax }: { fax: PrintedFax }) {
  const [page, setPage] = useState(1);
  const [ticks, setTicks] = useState<number[]>([]);
  const [signed, setSigned] = useState(false);
  const boxes = useBoxes(fax.id, page).data ?? [];
  const back = useFaxBack();
  if (fax.status === "queued") return <Loading label="Printing" />;
  if (fax.status === "failed")
    return (
      <Empty icon={<Printer size={34} color="#0f766e" />} title="This one did not come through">
        {fax.outcome ? `${words(fax.outcome)}. ` : ""}The product tries again where nothing was transmitted.
      </Empty>
    );
  const flip = (at: number) =>
    setTicks(ticks.includes(at) ? ticks.filter((one) => one !== at) : [...ticks, at]);
  const feed = () =>
    back.mutate({
      faxId: fax.id,
      page,
      ticks: ticks.flatMap((at) => boxes[at] ?? []),
      signature: signed ? SIGNATURE : null,
    });
  return (
    <div>
      <Group gap="sm" mb="xs">
        {fax.pages > 1 &&
          Array.from({ length: fax.pages }, (_, at) => at + 1).map((number) => (
            <Button
              key={number}
              size="compact-xs"
              variant={number === page ? "filled" : "default"}
              onClick={() => setPage(number)}
            >
              Page {number}
            </Button>
          ))}
        <Checkbox
          size="sm"
          label="Sign it"
          checked={signed}
          onChange={(event) => setSigned(event.currentTarget.checked)}
        />
        <Button size="xs" leftSection={<Send size={14} />} loading={back.isPending} onClick={feed}>
          Fax this page back
        </Button>
      </Group>
      <div className={classes.sheet}>
        <img src={printOf(fax.id, page)} alt={`Printed page ${page} of the fax to ${phone(fax.to)}`} />
        {boxes.map((box, at) => (
          <Checkbox
            key={`${box.x}:${box.y}`}
            className={classes.box}
            style={{ left: `${box.x * 100}%`, top: `${box.y * 100}%` }}
            aria-label={`Tick box ${at + 1}`}
            checked={ticks.includes(at)}
            onChange={() => flip(at)}
          />
        ))}
      </div>
    </div>
  );
}
