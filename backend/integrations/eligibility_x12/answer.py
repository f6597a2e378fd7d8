"""The 271, read by its HL loops: whom it is about is the deepest person named, what is said belongs to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from backend.insurance.ports import Answer, Benefit, Person, Rejection
from backend.integrations.eligibility_x12 import codes
from backend.integrations.eligibility_x12.interchange import BadInterchange, Segment, read

SOURCE, RECEIVER, SUBSCRIBER, DEPENDENT = "20", "21", "22", "23"
PEOPLE: Final = {SUBSCRIBER: "IL", DEPENDENT: "03"}
BEGINS: Final = frozenset({"346", "356", "291", "307"})
ENDS: Final = frozenset({"347", "357"})
MOST_MESSAGES: Final = 10


@dataclass(slots=True)
class _Loop:
    """One HL level with what is said in it."""

    level: str
    segments: list[Segment] = field(default_factory=list)


def parse(raw: bytes) -> Answer:
    """What the payer said. Raises `BadInterchange`."""
    loops = _loops(read(raw, "271"))
    payer = _first(loops, SOURCE)
    subscriber, dependent = _first(loops, SUBSCRIBER), _first(loops, DEPENDENT)
    rejections = tuple(_rejections(loops))
    person = dependent or subscriber
    if person is None and not rejections:
        raise BadInterchange("nobody_named")
    trace, reference = _traces([*(subscriber or []), *(dependent or [])])
    about = _person(person or [], PEOPLE[DEPENDENT if dependent else SUBSCRIBER])
    begins, ends = _dates(_head(person or []))
    benefits = tuple(_benefits(person or []))
    if not benefits and not rejections:
        raise BadInterchange("nothing_said")
    plan = next((line.plan for line in benefits if line.kind == "active" and line.plan), None)
    return Answer(
        trace=trace, payer_name=_name(payer or [], "PR"), person=about, member_id=_member(dependent, subscriber),
        reference=reference, plan_name=plan, begins=begins, ends=ends, benefits=benefits, rejections=rejections,
    )  # fmt: skip


def _loops(segments: Sequence[Segment]) -> list[_Loop]:
    loops: list[_Loop] = []
    for segment in segments:
        if segment.name == "HL":
            loops.append(_Loop(segment[3]))
        elif segment.name == "SE":
            break
        elif loops:
            loops[-1].segments.append(segment)
    return loops


def _first(loops: Sequence[_Loop], level: str) -> list[Segment] | None:
    """The only loop of a level: several people in one answer would be a guess which of them is meant."""
    found = [loop.segments for loop in loops if loop.level == level]
    if len(found) > 1:
        raise BadInterchange("several_people")
    return found[0] if found else None


def _head(segments: Sequence[Segment]) -> list[Segment]:
    """What stands before the first benefit."""
    until = next((index for index, one in enumerate(segments) if one.name == "EB"), len(segments))
    return list(segments[:until])


def _named(segments: Sequence[Segment], role: str) -> Segment | None:
    return next((one for one in _head(segments) if one.name == "NM1" and one[1] == role), None)


def _name(segments: Sequence[Segment], role: str) -> str | None:
    named = _named(segments, role)
    return (named[3] or None) if named else None


def _person(segments: Sequence[Segment], role: str) -> Person:
    named = _named(segments, role)
    born = next((one for one in _head(segments) if one.name == "DMG" and one[1] == "D8"), None)
    return Person(
        (named[4] or None) if named else None, (named[3] or None) if named else None, _day(born[2]) if born else None
    )


def _member(dependent: Sequence[Segment] | None, subscriber: Sequence[Segment] | None) -> str | None:
    """The member ID: the subscriber's, which a dependent shares."""
    named = _named(subscriber or [], "IL")
    own = _named(dependent or [], "03")
    for one in (named, own):
        if one is not None and one[8] == "MI" and one[9]:
            return one[9]
    return None


def _traces(segments: Sequence[Segment]) -> tuple[str | None, str | None]:
    """Our trace number as it came back (TRN01 2), and the payer's own (TRN01 1)."""
    ours = next((one[2] for one in segments if one.name == "TRN" and one[1] == "2"), None)
    theirs = next((one[2] for one in segments if one.name == "TRN" and one[1] == "1"), None)
    return ours or None, theirs or None


def _rejections(loops: Sequence[_Loop]) -> Iterator[Rejection]:
    for loop in loops:
        for one in loop.segments:
            if one.name == "AAA":
                # R and P: the same may be sent again; only where the payer was out of reach does that help.
                reason = codes.REASONS.get(one[3], f"The payer refused the question (code {one[3][:2]}).")
                yield Rejection(f"AAA{one[3][:2]}", reason, one[3] in codes.LATER)


def _dates(segments: Sequence[Segment]) -> tuple[date | None, date | None]:
    begins = ends = None
    for one in segments:
        if one.name != "DTP":
            continue
        first, _, last = one[3].partition("-")
        if one[1] in BEGINS:
            begins = begins or _day(first)
            ends = ends or (_day(last) if last else None)
        elif one[1] in ENDS:
            ends = ends or _day(first)
    return begins, ends


def _benefits(segments: Sequence[Segment]) -> Iterator[Benefit]:
    """Each EB with the HSD and MSG that follow it."""
    current: Benefit | None = None
    for one in segments:
        if one.name == "EB":
            if current is not None:
                yield current
            current = _benefit(one)
        elif current is not None and one.name == "MSG" and len(current.messages) < MOST_MESSAGES:
            current = replace(current, messages=(*current.messages, one[1][:264]))
        elif current is not None and one.name == "HSD":
            current = _delivered(current, one)
    if current is not None:
        yield current


def _benefit(one: Segment) -> Benefit:
    services = one.several(3)
    quantity, counted = _number(one[10]), one[9]
    used = counted == codes.USED
    visits = int(quantity) if quantity is not None and (counted in codes.VISITS or used) else None
    share = _number(one[8])
    facts: dict[str, Any] = {
        "level": codes.LEVELS.get(one[2]), "network": codes.NETWORKS.get(one[12]),
        "period": "used" if used else codes.PERIODS.get(one[6]) if one[6] else None,
    }  # fmt: skip
    return Benefit(
        kind=codes.KINDS.get(one[1], "note"), service=codes.service_of(services),
        services=tuple(codes.SERVICES.get(code, code) for code in services),
        amount=_number(one[7]), percent=share * 100 if share is not None and share <= 1 else None, visits=visits,
        authorization=codes.YES_NO.get(one[11]), plan=one[5] or None, **facts,
    )  # fmt: skip


def _delivered(benefit: Benefit, one: Segment) -> Benefit:
    """HSD: so many visits in such a period, where the EB itself did not say."""
    quantity = _number(one[2])
    if benefit.visits is not None or one[1] not in codes.VISITS or quantity is None:
        return benefit
    period: Any = codes.PERIODS.get(one[5]) if one[5] else benefit.period
    return replace(benefit, visits=int(quantity), period=period)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 <= number < 10**9 else None


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 else None
    except ValueError:
        return None
