import { Loader } from "@mantine/core";
import { CircleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { announce } from "../../shared/a11y/announce";
import { moment } from "../../shared/lib/format";
import classes from "./insurance.module.css";
import type { EligibilityOut } from "./queries";

const NEWS: Record<string, string> = {
  answered: "The payer has answered",
  mismatch: "The payer answered for another person",
  rejected: "The payer did not answer the question",
  failed: "The payer could not be asked",
};

/** What the clearinghouse said last. */
export function Eligibility({ check }: { check: EligibilityOut }) {
  const before = useRef(check.state);
  useEffect(() => {
    if (before.current === "asking" && check.state !== "asking") announce(NEWS[check.state] ?? "");
    before.current = check.state;
  }, [check.state]);
  if (check.state === "asking")
    return (
      <p className={classes.quiet}>
        <Loader size={12} mr={6} aria-hidden />
        Asking the payer… <Sandbox check={check} />
      </p>
    );
  const at = check.answered_at ?? check.asked_at;
  if (check.state !== "answered")
    return (
      <div role="note">
        <p className={classes.warning} data-tone="danger">
          <CircleAlert size={15} aria-hidden />
          <span>
            {check.message} {check.mismatches.join(" ")}
          </span>
        </p>
        <p className={classes.quiet}>
          Asked {moment(at)} by {check.asked_by} {check.code && `(${check.code})`} <Sandbox check={check} />
        </p>
      </div>
    );
  return (
    <>
      <p className={classes.quiet}>
        The clearinghouse answered {moment(at)}
        {check.plan_name && `: ${check.plan_name}`}
        {check.reference && ` · reference ${check.reference}`} <Sandbox check={check} />
      </p>
      {check.stale && <p className={classes.warning}>The insurance was changed since: ask again.</p>}
      <details className={classes.more}>
        <summary>All the payer said</summary>
        <ul className={classes.lines}>
          {check.benefits.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of an answer have no identity of their own
            <li key={index}>
              {line.label}: <b>{line.value || "yes"}</b>
              {line.message && <span className={classes.quiet}> {line.message}</span>}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}

function Sandbox({ check }: { check: EligibilityOut }) {
  return check.sandbox ? <span className={classes.mark}>Sandbox: not a real answer</span> : null;
}
