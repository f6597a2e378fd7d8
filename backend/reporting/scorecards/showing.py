"""Scorecards as the API shows them, each sentence with the address of its rows."""

import uuid
from typing import Any
from urllib.parse import urlencode

from backend.reporting import showing
from backend.reporting.asking import USUAL_POINT, Question
from backend.reporting.figures import METHODS
from backend.reporting.metrics import named
from backend.reporting.parameters import NONE
from backend.reporting.schemas import IntervalOut, WithheldOut
from backend.reporting.scorecards.content import Scorecard
from backend.reporting.scorecards.schemas import ScorecardCountOut, ScorecardOut, SentenceOut
from backend.reporting.scorecards.sentences import Sentence


def shown(card: Scorecard) -> ScorecardOut:
    """The whole page."""
    period = urlencode({"from": card.start, "to": card.end, "format": "pdf"})
    return ScorecardOut(
        practice=card.practice, referrer_id=card.referrer_id, referrer=card.referrer, office=card.office,
        start=card.start, to=card.end, as_of=card.at.as_of if card.at else None, said=card.said,
        sentences=[_sentence(card, sentence) for sentence in card.sentences],
        counts=[ScorecardCountOut(label=count.label, text=count.text) for count in card.counts],
        pdf_url=f"/api/v1/referrers/{card.referrer_id}/scorecard?{period}",
    )  # fmt: skip


def _sentence(card: Scorecard, sentence: Sentence) -> SentenceOut:
    metric, figure = named(sentence.metric), sentence.figure
    only: dict[str, str | uuid.UUID | bool | None] = {"referrer": card.referrer_id}
    only |= {name: None if value == NONE else value for name, value in sentence.only.items()}
    if "point" in metric.dimensions:
        only["point"] = USUAL_POINT
    interval = figure.interval
    facts: dict[str, Any] = {name: getattr(sentence, name) for name in ("key", "metric", "said", "text", "note")}
    return SentenceOut(
        **facts, value=figure.value, n=figure.n,
        interval=IntervalOut(low=interval.low, high=interval.high, method=METHODS[metric.kind]) if interval else None,
        withheld=WithheldOut.model_validate(figure.withheld) if figure.withheld else None,
        rows_url=showing.rows_url(Question(metric, card.start, card.end, None, only), {}),
    )  # fmt: skip
