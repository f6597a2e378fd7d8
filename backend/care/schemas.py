"""Care as the API takes and shows it."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from backend.care.certification import By, Next, Progress
from backend.core.pages import Page
from backend.core.schemas import RequestModel, ResponseModel

EXAMPLE_ID = "0199f3a2-6c1e-7c7a-9f0e-3d2b1a6f5e4d"
Line = Annotated[str, Field(min_length=1, max_length=300)]
Note = Annotated[str, Field(min_length=1, max_length=1000)]
ExternalId = Annotated[str, Field(min_length=1, max_length=200)]
State = Literal["active", "discharged"]
VisitState = Literal["attended", "no_show", "late_cancel", "canceled", "clinic_canceled"]
VisitKind = Literal["evaluation", "treatment", "reevaluation", "discharge"]
Source = Literal["desk", "api", "import", "hl7"]
Side = Literal["left", "right", "bilateral"]
Discipline = Literal["PT", "OT", "SLP", "other"]
Reason = Literal["goals_met", "plan_finished", "patient_choice", "no_return", "insurance", "medical", "moved", "other"]
How = Literal["fax", "email", "portal", "hand", "other"]
BodyRegion = Literal[
    "cervical spine", "thoracic spine", "lumbar spine", "sacroiliac", "shoulder", "elbow", "wrist", "hand", "hip",
    "knee", "ankle", "foot", "jaw", "pelvic floor", "vestibular", "gait", "other",
]  # fmt: skip


def _example(**facts: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [facts]})


class VisitIn(RequestModel):
    """What became of a visit. Name the episode, or the lead, or the patient when only one episode can be meant.

    An attended `evaluation` of a lead whose care has not begun begins it.
    """

    model_config = _example(
        episode_id=EXAMPLE_ID, scheduled_at="2026-12-01T15:00:00Z", state="attended", kind="treatment",
        external_id="EMR-40213",
    )  # fmt: skip

    episode_id: uuid.UUID | None = None
    lead_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    scheduled_at: AwareDatetime
    state: VisitState
    kind: VisitKind = "treatment"
    location_id: uuid.UUID | None = None
    clinician_id: uuid.UUID | None = None
    external_id: ExternalId | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(given is not None for given in (self.episode_id, self.lead_id, self.patient_id)) != 1:
            raise ValueError("name exactly one of episode_id, lead_id, patient_id")
        return self


class BatchVisitIn(VisitIn):
    """A visit of a batch: its id makes sending it again harmless."""

    external_id: ExternalId


class VisitsIn(RequestModel):
    """Up to 500 visits at once."""

    model_config = _example(
        visits=[
            {
                "patient_id": EXAMPLE_ID, "scheduled_at": "2026-12-01T15:00:00Z", "state": "no_show",
                "external_id": "EMR-40214",
            }
        ]
    )  # fmt: skip

    visits: list[BatchVisitIn] = Field(min_length=1, max_length=500)


class VisitChanges(RequestModel):
    """Only what is given changes; `episode_id` moves it to another episode of the same patient."""

    model_config = _example(version=1, state="no_show")

    version: int
    state: VisitState = "attended"
    kind: VisitKind = "treatment"
    scheduled_at: AwareDatetime = datetime.min
    episode_id: uuid.UUID = uuid.UUID(int=0)
    clinician_id: uuid.UUID | None = None


class CareVisitOut(ResponseModel):
    """A visit of an episode; `day` is its date at the clinic."""

    id: uuid.UUID
    episode_id: uuid.UUID
    patient_id: uuid.UUID
    location_id: uuid.UUID | None
    clinician_id: uuid.UUID | None
    appointment_id: uuid.UUID | None
    kind: VisitKind
    scheduled_at: datetime
    day: date
    state: VisitState
    source: Source
    external_id: str | None
    recorded_by: str
    recorded_at: datetime
    version: int


class BatchRow(ResponseModel):
    """What became of one row of a batch, in the order sent. Of a refused one, `detail` says what to do."""

    external_id: str
    status: Literal["created", "updated", "refused"]
    visit_id: uuid.UUID | None = None
    detail: str | None = None


class BatchOut(ResponseModel):
    """The rows that were refused changed nothing; send them again when they are right."""

    items: list[BatchRow]


class PlanIn(RequestModel):
    """A plan of care. The first of an episode is the initial one, each after it recertifies.

    `ready`: complete, signed and dated by the therapist. `certify`: whether this payer wants it certified.
    """

    model_config = _example(
        frequency_per_week=2, duration_weeks=8, diagnoses=["M75.121 Complete rotator cuff tear, right shoulder"],
        goals=["Reach overhead shelf (150° flexion) without pain by week 8"], ready=True,
    )  # fmt: skip

    starts_on: date | None = None
    frequency_per_week: int = Field(ge=1, le=14)
    duration_weeks: int = Field(ge=1, le=52)
    per_day: int = Field(default=1, ge=1, le=4)
    goals: list[Line] = Field(default_factory=list, max_length=20)
    diagnoses: list[Line] = Field(default_factory=list, max_length=20)
    certify: bool = True
    ready: bool = False


class PlanChanges(RequestModel):
    """Only what is given changes. `verbal_on`: the referrer agreed by word that day, and signs within 14 days."""

    model_config = _example(version=1, verbal_on="2026-12-02")

    version: int
    starts_on: date = date.min
    frequency_per_week: int = Field(default=1, ge=1, le=14)
    duration_weeks: int = Field(default=1, ge=1, le=52)
    per_day: int = Field(default=1, ge=1, le=4)
    goals: list[Line] = Field(default_factory=list, max_length=20)
    diagnoses: list[Line] = Field(default_factory=list, max_length=20)
    certify: bool = True
    verbal_on: date | None = None


class VersionIn(RequestModel):
    """The version somebody looked at."""

    model_config = _example(version=1)

    version: int


class SentIn(RequestModel):
    """It has gone out; without `at`, just now."""

    model_config = _example(version=1, how="fax", at="2026-12-02T16:20:00Z")

    version: int
    how: How = "fax"
    at: AwareDatetime | None = None


class SignedIn(RequestModel):
    """The date beside the referrer's signature, and the fax it came back by."""

    model_config = _example(version=1, signed_on="2026-12-04")

    version: int
    signed_on: date
    fax_id: uuid.UUID | None = None


class PlanOut(ResponseModel):
    """A plan of care and how it stands today: what comes `next`, and until when."""

    id: uuid.UUID
    episode_id: uuid.UUID
    number: int
    kind: Literal["initial", "recertification"]
    starts_on: date
    ends_on: date
    frequency_per_week: int
    duration_weeks: int
    per_day: int
    goals: list[str]
    diagnoses: list[str]
    certify: bool
    ready_at: datetime | None
    ready_by: str | None
    sent_at: datetime | None
    sent_how: How | None
    verbal_on: date | None
    signed_on: date | None
    signed_fax_id: uuid.UUID | None
    signed_how: Literal["fax", "portal", "hand"] | None
    progress: Progress
    next: Next
    due_on: date
    certified_by: By | None
    late: bool
    version: int


class ReportIn(RequestModel):
    """A progress report was written; without a day, today."""

    model_config = _example(written_on="2026-12-18")

    written_on: date | None = None


class ReportOut(ResponseModel):
    """A progress report."""

    id: uuid.UUID
    written_on: date
    written_by: str


class VisitCounts(ResponseModel):
    """How many visits of each kind, and treatment days since the last progress report (due at every tenth)."""

    attended: int = 0
    no_show: int = 0
    late_cancel: int = 0
    canceled: int = 0
    clinic_canceled: int = 0
    since_report: int = 0


class DischargeIn(RequestModel):
    """Why care ends. `ended_on`: the last day of care, without one today."""

    model_config = _example(version=3, reason="goals_met", ended_on="2027-01-15", note="Home program handed out")

    version: int
    reason: Reason
    ended_on: date | None = None
    note: Note | None = None


class EpisodeChanges(RequestModel):
    """Only what is given changes. `order_signed_on`: the date of a signed order on file, none when there is none."""

    model_config = _example(version=1, body_region="shoulder", side="right", order_signed_on="2026-11-20")

    version: int
    started_on: date = date.min
    clinician_id: uuid.UUID | None = None
    discipline: Discipline | None = None
    body_region: BodyRegion | None = None
    side: Side | None = None
    procedure: Line | None = None
    surgery_date: date | None = None
    order_signed_on: date | None = None


class EpisodeRow(ResponseModel):
    """An episode in a list; `plan` is its newest."""

    id: uuid.UUID
    patient_id: uuid.UUID
    patient_name: str
    lead_id: uuid.UUID | None
    location_id: uuid.UUID | None
    clinician_id: uuid.UUID | None
    referrer_id: uuid.UUID | None
    referrer_name: str | None
    discipline: str | None
    body_region: str | None
    side: Side | None
    procedure: str | None
    surgery_date: date | None
    started_on: date
    state: State
    ended_on: date | None
    discharge_reason: Reason | None
    visits: VisitCounts
    last_visit_on: date | None
    plan: PlanOut | None
    version: int


class EpisodeOut(EpisodeRow):
    """An episode with everything of it; visits newest first."""

    diagnoses: str | None
    frequency_per_week: int | None
    duration_weeks: int | None
    order_signed_on: date | None
    discharge_note: str | None
    discharged_at: datetime | None
    discharged_by: str | None
    external_id: str | None
    items: list[CareVisitOut]
    plans: list[PlanOut]
    reports: list[ReportOut]


class EpisodePage(Page):
    """Newest first."""

    items: list[EpisodeRow]


class PlanRow(ResponseModel):
    """A card of the plan-of-care board; without a plan it is still to be written."""

    plan: PlanOut | None
    progress: Progress
    due_on: date
    episode_id: uuid.UUID
    lead_id: uuid.UUID | None
    patient_id: uuid.UUID
    patient_name: str
    referrer_name: str | None
    body_region: str | None
    side: Side | None
    location_id: uuid.UUID | None


class PlanColumn(ResponseModel):
    """The plans that stand so, by deadline; `count` of them, the first 200 shown."""

    progress: Progress
    count: int
    items: list[PlanRow]


class PlanBoard(ResponseModel):
    """Plans of patients in care; those signed stay for four weeks."""

    columns: list[PlanColumn]
