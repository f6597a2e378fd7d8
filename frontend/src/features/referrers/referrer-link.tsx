import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

/** A referrer's name that leads to their page. */
export function ReferrerLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Anchor
      inherit
      renderRoot={(props) => <Link to="/referrers/$referrerId" params={{ referrerId: id }} {...props} />}
    >
      {children}
    </Anchor>
  );
}
