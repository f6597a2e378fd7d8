import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { OfficeOut } from "./queries";

/** An office's name that leads to its page. */
export function OfficeLink({ office }: { office: OfficeOut }) {
  return (
    <Anchor
      inherit
      renderRoot={(props) => <Link to="/offices/$officeId" params={{ officeId: office.id }} {...props} />}
    >
      {office.name}
    </Anchor>
  );
}
