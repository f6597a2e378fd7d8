import type { ComponentType } from "react";
import { Hl7Panel, MailPanel } from "../connections";
import { FollowUpSettings } from "../follow-up";
import { HoursPanel } from "../hours";
import { ImportPanel } from "../imports";
import { InsuranceSettings } from "../insurance";
import { FormsSettings } from "../intake-forms";
import { WebFormPanel } from "../lead-capture";
import { LetterheadSettings } from "../letterhead";
import { LetterSettings } from "../letters";
import { OutcomeSettings } from "../outcomes";
import { SchedulingSettings } from "../scheduling-settings";
import { LinesTab, PolicyTab, TextsTab } from "../texting-settings";
import { ApiKeys } from "./api-keys";
import { AuditLog } from "./audit-log";
import { Deliveries, Jobs } from "./operations";
import { FaxLines, People } from "./settings-lists";

export interface SettingsTab {
  value: string;
  label: string;
  panel: ComponentType;
  /** Who may see it; without it whoever may see settings. */
  may?: string;
}

export const GROUPS: { label: string; tabs: SettingsTab[] }[] = [
  {
    label: "Practice",
    tabs: [
      { value: "people", label: "People", panel: People },
      { value: "letterhead", label: "Letterhead", panel: LetterheadSettings },
      { value: "hours", label: "Hours & alerts", panel: HoursPanel },
      { value: "scheduling", label: "Scheduling", panel: SchedulingSettings, may: "schedule:read" },
      { value: "insurance", label: "Insurance", panel: InsuranceSettings },
      { value: "forms", label: "Intake forms", panel: FormsSettings },
      { value: "outcomes", label: "Outcome measures", panel: OutcomeSettings },
    ],
  },
  {
    label: "Messages",
    tabs: [
      { value: "texting", label: "Texting policy", panel: PolicyTab },
      { value: "texts", label: "Texts", panel: TextsTab },
      { value: "follow-up", label: "Follow-up", panel: FollowUpSettings },
      { value: "letters", label: "Letters", panel: LetterSettings },
    ],
  },
  {
    label: "Connections",
    tabs: [
      { value: "lines", label: "Fax lines", panel: FaxLines },
      { value: "phone-lines", label: "Phone lines", panel: LinesTab },
      { value: "web-form", label: "Website form", panel: WebFormPanel },
      { value: "mail", label: "E-mail", panel: MailPanel },
      { value: "hl7", label: "HL7", panel: Hl7Panel },
      { value: "import", label: "Import", panel: ImportPanel, may: "imports:write" },
      { value: "keys", label: "API keys", panel: ApiKeys },
    ],
  },
  {
    label: "Operation",
    tabs: [
      { value: "jobs", label: "Jobs", panel: Jobs, may: "operations:read" },
      { value: "deliveries", label: "Provider events", panel: Deliveries, may: "operations:read" },
      { value: "audit", label: "Audit", panel: AuditLog, may: "audit:read" },
    ],
  },
];
