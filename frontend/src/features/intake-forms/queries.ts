import { useQuery } from "@tanstack/react-query";
import {
  getIntakeFormOptions,
  getIntakeFormVersionOptions,
  getIntakeOptions,
  listBodyAreasOptions,
  listIntakeFormsOptions,
  listIntakesOptions,
} from "../../api/generated/@tanstack/react-query.gen";
import type { Definition } from "../../api/generated/types.gen";

export type {
  DifferenceOut,
  FormDetail,
  FormFinding,
  FormOut,
  IntakeDetail,
  IntakeOut,
  LeadOut,
  LineOut,
  QrOut,
  TextOut,
} from "../../api/generated/types.gen";

export type Form = Definition;
export type Section = NonNullable<Definition["sections"]>[number];
export type Question = NonNullable<Section["questions"]>[number];
export type Kind = Question["type"];
export type Words = Definition["title"];
export type Condition = NonNullable<Section["show_if"]>;
export type Rule = NonNullable<Condition["rules"]>[number];
export type Option = NonNullable<Extract<Question, { type: "choice" }>["options"]>[number];
export type Binding = NonNullable<Question["prefill"]>;

export const useForms = (enabled = true) => useQuery({ ...listIntakeFormsOptions(), enabled });
export const useForm = (formId: string) => useQuery(getIntakeFormOptions({ path: { form_id: formId } }));
export const useFormVersion = (formId: string, number: number) =>
  useQuery(getIntakeFormVersionOptions({ path: { form_id: formId, number } }));
export const useBodyAreas = () => useQuery({ ...listBodyAreasOptions(), staleTime: Infinity });
export const useIntakes = (leadId: string) => useQuery(listIntakesOptions({ path: { lead_id: leadId } }));
export const useIntake = (intakeId: string) => useQuery(getIntakeOptions({ path: { intake_id: intakeId } }));
