import { ClearinghouseForm } from "./clearinghouse-form";
import { Payers } from "./payers";
import { RulesForm } from "./rules-form";

/** Settings of insurance: payers, what is verified, and how payers are asked. */
export function InsuranceSettings() {
  return (
    <>
      <Payers />
      <RulesForm />
      <ClearinghouseForm />
    </>
  );
}
