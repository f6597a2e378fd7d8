"""What happens in a patient's care that other domains react to, inside the same transaction."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EpisodeOpened:
    """Care has begun. An episode that was imported has no lead."""

    episode_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class EpisodeChanged:
    """Something that deadlines or the next steps depend on is otherwise: visits, plans, reports, dates."""

    episode_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """It is known what became of a visit, perhaps otherwise than before."""

    visit_id: uuid.UUID
    episode_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class VisitRemoved:
    """What was noted about a visit was a mistake; the row is gone."""

    visit_id: uuid.UUID
    episode_id: uuid.UUID
    patient_id: uuid.UUID
    appointment_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class VisitsImported:
    """Many visits at once, of these episodes; nobody is told of each."""

    episode_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class PlanOfCareReady:
    """A plan of care is complete and may be sent to be signed."""

    plan_id: uuid.UUID
    episode_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PlanOfCareSigned:
    """The referrer signed it."""

    plan_id: uuid.UUID
    episode_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class ProgressReported:
    """A progress report was written."""

    report_id: uuid.UUID
    episode_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class EpisodeDischarged:
    """Care has ended, for this reason."""

    episode_id: uuid.UUID
    lead_id: uuid.UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class EpisodeReopened:
    """A discharge is taken back: care goes on."""

    episode_id: uuid.UUID
    lead_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class EpisodeWithdrawn:
    """The check-in that opened it was a mistake; the row is gone."""

    episode_id: uuid.UUID
    lead_id: uuid.UUID
