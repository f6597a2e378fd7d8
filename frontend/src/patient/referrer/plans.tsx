import { useState } from "react";
import type { OwnPlan } from "../../api/generated";
import { Notice } from "../ui/notice";
import { Listed } from "./listed";
import { PlanForm } from "./plan-form";
import type { SectionProps } from "./section";
import { useList } from "./use-list";
import { day } from "./words";

/** Plans of care that wait for this referrer, then those that are signed. */
export function Plans({ page, onFailed }: SectionProps) {
  const { items, problem, again } = useList<OwnPlan>("plans", onFailed);
  const [signing, setSigning] = useState<string | null>(page.purpose === "plan" ? page.show : null);
  const [signed, setSigned] = useState<string | null>(null);
  return (
    <>
      {signed && <Notice tone="good">Thank you. The plan of care of {signed} is signed.</Notice>}
      <Listed
        title="Plans of care"
        count={items?.length}
        problem={problem}
        nothing="No plan of care waits for you."
        onAgain={again}
        onMore={null}
      >
        {items?.map((plan) => (
          <li key={plan.id}>
            <div className="row-head">
              <strong>{plan.patient}</strong>
              <span className="small">
                {plan.dob && `born ${day(plan.dob)}, `}
                {plan.kind === "initial" ? "first plan" : "recertification"}
              </span>
            </div>
            <PlanFacts plan={plan} />
            {plan.signed_on ? (
              <p className="status good">
                Signed {day(plan.signed_on)}
                {plan.signed_by && ` by ${plan.signed_by}`}
              </p>
            ) : signing === plan.id ? (
              <PlanForm
                plan={plan}
                name={page.name}
                onFailed={onFailed}
                onStale={again}
                onSigned={() => {
                  setSigning(null);
                  setSigned(plan.patient);
                  again();
                }}
              />
            ) : (
              <button
                type="button"
                className="primary narrow"
                aria-label={`Sign the plan of care of ${plan.patient}`}
                onClick={() => setSigning(plan.id)}
              >
                Sign
              </button>
            )}
          </li>
        ))}
      </Listed>
    </>
  );
}

function PlanFacts({ plan }: { plan: OwnPlan }) {
  const facts: [string, string][] = [
    ["Care", `${day(plan.starts_on)} to ${day(plan.ends_on)}`],
    ["How often", `${plan.frequency_per_week} times a week for ${plan.duration_weeks} weeks`],
    ["Diagnosis", plan.diagnoses.join("; ")],
    ["Goals", plan.goals.join("; ")],
  ];
  return (
    <dl className="facts-table">
      {facts.map(
        ([label, value]) =>
          value && (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
