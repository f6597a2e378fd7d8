import type { OwnPatient } from "../../api/generated";
import { Listed } from "./listed";
import { useList } from "./use-list";
import { day } from "./words";

interface Props {
  onFailed: (error: unknown) => void;
  onWrite: (patient: OwnPatient) => void;
}

/** Everyone this referrer sent, and where that stands. */
export function Patients({ onFailed, onWrite }: Props) {
  const { items, problem, again, more } = useList<OwnPatient>("patients", onFailed);
  return (
    <Listed
      title="Where your patients are"
      count={items?.length}
      problem={problem}
      nothing="No patient of yours is with us yet. Referrals you send appear here within minutes."
      onAgain={again}
      onMore={more}
    >
      {items?.map((patient) => (
        <li key={patient.lead_id}>
          <div className="row-head">
            <strong>{patient.name}</strong>
            <span className="small">
              {patient.dob && `born ${day(patient.dob)}, `}referred {day(patient.referred_on)}
            </span>
          </div>
          <p className={`status ${patient.tone}`}>{patient.status}</p>
          <button
            type="button"
            className="small-button"
            aria-label={`Write about this patient, ${patient.name}`}
            onClick={() => onWrite(patient)}
          >
            Write about this patient
          </button>
        </li>
      ))}
    </Listed>
  );
}
