import { useState } from "react";
import type { OwnPatient, ReferrerPageOut } from "../../api/generated";
import { Letters } from "./letters";
import { Message } from "./message";
import { Patients } from "./patients";
import { Plans } from "./plans";
import type { SectionProps } from "./section";
import { SendReferral } from "./send-referral";

const SECTIONS = [
  ["patients", "Patients"],
  ["plans", "Plans to sign"],
  ["letters", "Letters"],
  ["send", "Send a referral"],
  ["message", "Messages"],
] as const;
type Section = (typeof SECTIONS)[number][0];
const FIRST: Record<ReferrerPageOut["purpose"], Section> = {
  portal: "patients",
  letter: "letters",
  plan: "plans",
  message: "message",
};

/** What a referrer may see and do. */
export function Home({ page, onFailed }: SectionProps) {
  const [section, setSection] = useState<Section>(FIRST[page.purpose]);
  const [about, setAbout] = useState<OwnPatient | null>(null);
  const write = (patient: OwnPatient) => {
    setAbout(patient);
    setSection("message");
  };
  return (
    <>
      <nav className="sections" aria-label="Sections">
        {SECTIONS.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-current={value === section ? "page" : undefined}
            onClick={() => {
              setAbout(null);
              setSection(value);
            }}
          >
            {label}
          </button>
        ))}
      </nav>
      {section === "patients" && <Patients onFailed={onFailed} onWrite={write} />}
      {section === "plans" && <Plans page={page} onFailed={onFailed} />}
      {section === "letters" && <Letters page={page} onFailed={onFailed} />}
      {section === "send" && <SendReferral onFailed={onFailed} />}
      {section === "message" && <Message about={about} onFailed={onFailed} />}
    </>
  );
}
