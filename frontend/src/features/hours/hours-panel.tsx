import { Select } from "@mantine/core";
import { useState } from "react";
import { useMay, useMe } from "../session";
import { Chain } from "./chain";
import { Holidays } from "./holidays";
import classes from "./hours.module.css";
import { Targets } from "./targets";
import { Week } from "./week-editor";

const EVERYWHERE = "all";

/** When each clinic works, how soon a patient is tried, and who gets what nobody does. */
export function HoursPanel() {
  const { locations } = useMe();
  const [chosen, setChosen] = useState(locations[0]?.id ?? EVERYWHERE);
  const may = useMay("settings:write");
  const place = locations.find((location) => location.id === chosen) ?? null;
  return (
    <>
      <Select
        label="Clinic"
        mb="md"
        maw={320}
        allowDeselect={false}
        value={chosen}
        onChange={(value) => setChosen(value ?? EVERYWHERE)}
        data={[
          ...locations.map(({ id, name }) => ({ value: id, label: name })),
          { value: EVERYWHERE, label: "Every clinic" },
        ]}
      />
      {place && <Week key={`week ${place.id}`} location={place} may={may} />}
      <Holidays place={place} may={may} />
      {!place && <Targets may={may} />}
      <Chain key={`chain ${chosen}`} place={place} may={may} />
      {place && (
        <p className={classes.about}>
          How soon a patient is tried is set for every clinic: choose “Every clinic” above.
        </p>
      )}
    </>
  );
}
