import type { ReactNode } from "react";

/** A message that is read out as it appears. */
export function Notice({ tone, children }: { tone: "bad" | "good" | "plain"; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}
