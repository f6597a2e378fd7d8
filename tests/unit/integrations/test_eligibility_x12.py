"""X12 270/271: what we write can be read, what we read is never guessed, garbage is refused."""

import re
import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.insurance import checklist, reading
from backend.insurance.ports import Account, Answer, Benefit, Inquiry, Person
from backend.integrations.eligibility_x12 import answer, inquiry
from backend.integrations.eligibility_x12.interchange import BadInterchange, Envelope, Segment, clean, read, write

ACCOUNT = Account("NORTHSIDE", "CLEARING", "user", "secret")
AT = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
ADA = Person("Ada", "Sample", date(1961, 4, 9))
HEAD = Envelope("CLEARING", "NORTHSIDE", AT, 7, test=True)
TRACE = "0199F3A26C1E7C7A9F0E3D2B1A6F5E4D"


def question(**facts: object) -> Inquiry:
    known: dict[str, object] = {
        "trace": TRACE, "asked_at": AT, "payer_id": "LKSD1", "payer_name": "Lakeside Mutual",
        "provider_name": "Northside PT", "npi": "1234567893", "subscriber": ADA, "member_id": "LM12345",
        "service_date": date(2026, 11, 25),
    }  # fmt: skip
    return Inquiry(**(known | facts))  # type: ignore[arg-type]


def reply(*rows: str, person: str = "NM1*IL*1*SAMPLE*ADA****MI*LM12345", births: str = "DMG*D8*19610409") -> bytes:
    """A 271 about a subscriber."""
    body = [
        "BHT*0022*11*X*20261125*1530", "HL*1**20*1", "NM1*PR*2*LAKESIDE*****PI*LKSD1", "HL*2*1*21*1",
        "NM1*1P*2*NORTHSIDE*****XX*1234567893", "HL*3*2*22*0", f"TRN*2*{TRACE}*9X", person, births, *rows,
    ]  # fmt: skip
    return write(HEAD, "271", "HB", [row.split("*") for row in body if row])


def test_the_question() -> None:
    said = inquiry.build(ACCOUNT, question(), test=False).decode()
    segments = said.split("~")
    assert segments[0].endswith("*0*P*:") and len(segments[0]) == 105
    assert "BHT*0022*13*" + TRACE + "*20261125*1530" in segments
    assert segments[segments.index("HL*3*2*22*0") + 1 :][:7] == [
        f"TRN*1*{TRACE}*9123456789", "NM1*IL*1*SAMPLE*ADA****MI*LM12345", "DMG*D8*19610409", "DTP*291*D8*20261125",
        "EQ*30", "EQ*PT", "SE*14*0001",
    ]  # fmt: skip


def test_a_dependent_is_asked_about_below_the_subscriber() -> None:
    child = Person("Mia", "Sample", date(2015, 2, 3))
    found = read(inquiry.build(ACCOUNT, question(dependent=child, relationship="child"), test=True), "270")
    levels = [segment[3] for segment in found if segment.name == "HL"]
    assert levels == ["20", "21", "22", "23"]
    names = [(segment[1], segment[4]) for segment in found if segment.name == "NM1"]
    assert names[-2:] == [("IL", "ADA"), ("03", "MIA")]
    assert next(segment for segment in found if segment.name == "INS").elements == ("N", "19")


NAMES = st.text(min_size=1, max_size=60)


@settings(max_examples=150)
@given(first=NAMES, last=NAMES, payer=NAMES, member=NAMES, born=st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_whatever_is_typed_the_question_stays_one_question(
    first: str, last: str, payer: str, member: str, born: date
) -> None:
    asked = question(subscriber=Person(first, last, born), payer_name=payer, member_id=member)
    found = read(inquiry.build(ACCOUNT, asked, test=True), "270")
    insured = [segment for segment in found if segment.name == "NM1" and segment[1] == "IL"]
    assert len(insured) == 1 and len(found) == 18
    assert insured[0][3] == clean(last, 60) and insured[0][9] == clean(member, 80)
    assert sum(segment.name == "EQ" for segment in found) == 2


TOKENS = st.from_regex(r"[A-Z0-9]([A-Z0-9 ]{0,10}[A-Z0-9])?", fullmatch=True)
ROWS = st.lists(
    st.tuples(st.sampled_from(["EB", "MSG", "REF", "DTP"]), st.lists(TOKENS, min_size=1, max_size=8)), max_size=20
)


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[tuple[str, list[str]]]) -> None:
    body = [[name, *elements] for name, elements in rows]
    found = read(write(HEAD, "271", "HB", body), "271")
    inner = found[3:-3]
    assert [(segment.name, list(segment.elements)) for segment in inner] == [(row[0], row[1:]) for row in body]
    assert [segment.name for segment in found[-3:]] == ["SE", "GE", "IEA"]


def test_other_delimiters_are_read_too() -> None:
    said = reply("EB*1**30**GOLD").decode()
    other = said.translate(str.maketrans("*~:^", "|\n>!"))
    assert answer.parse(other.encode()) == answer.parse(said.encode())


WHOLE = reply("DTP*346*D8*20260101", "EB*1*IND*30**GOLD", "EB*B*IND*PT***27*35*****Y", "MSG*ASK")


@settings(max_examples=300)
@given(st.integers(0, len(WHOLE) - 1))
def test_an_answer_cut_short_is_refused(length: int) -> None:
    with pytest.raises(BadInterchange):
        answer.parse(WHOLE[:length])


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_garbage_is_refused(raw: bytes) -> None:
    for data in (raw, WHOLE[:106] + raw, WHOLE[:60] + raw + WHOLE[60:] if raw else b""):
        try:
            answer.parse(data)
        except BadInterchange as refused:
            assert re.fullmatch(r"[a-z0-9_]+", refused.code)


@settings(max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_byte_gone_wrong_is_refused_or_harmless(place: int, byte: int) -> None:
    broken = bytearray(WHOLE)
    broken[place] = byte
    try:
        found = answer.parse(bytes(broken))
    except BadInterchange:
        return
    assert found.benefits or found.rejections


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_x12"),
        (b"<html>", "not_x12"),
        (b"IEA*1*000000001~", "not_x12"),
        (inquiry.build(ACCOUNT, question(), test=True), "not_a_271"),
        (WHOLE.replace(b"SE*15", b"SE*14"), "damaged"),
        (WHOLE + WHOLE, "damaged"),
        (b"ISA" + b"*" * 3_000_000, "too_large"),
        (reply(), "nothing_said"),
    ],
)
def test_what_is_no_answer_says_so(raw: bytes, code: str) -> None:
    with pytest.raises(BadInterchange) as refused:
        answer.parse(raw)
    assert refused.value.code == code


def test_two_subscribers_in_one_answer_are_not_guessed_between() -> None:
    second = ["HL*4*2*22*0", "NM1*IL*1*SAMPLE*BEA****MI*LM12345", "EB*1**30"]
    with pytest.raises(BadInterchange, match="several_people"):
        answer.parse(reply("EB*1**30", *second))


def test_benefits_are_read_with_what_follows_them() -> None:
    found = answer.parse(
        reply(
            "DTP*291*RD8*20260101-20261231", "EB*1*IND*30*HM*GOLD PPO", "EB*A*IND*PT***27**.125***Y*Y",
            "EB*F*IND*PT^AD*********Y", "HSD*VS*20***23", "MSG*COMBINED WITH OT", "LS*2120", "NM1*P3*1*JONES*MARCUS",
            "LE*2120", "EB*C*FAM*30***29*100", "EB*ZZ**98",
        )
    )  # fmt: skip
    assert (found.begins, found.ends, found.plan_name) == (date(2026, 1, 1), date(2026, 12, 31), "GOLD PPO")
    assert found.person == Person("ADA", "SAMPLE", date(1961, 4, 9)), "a doctor named later is not the patient"
    share, limit, deductible = found.benefits[1:4]
    assert (share.kind, share.percent, share.authorization, share.network) == (
        "coinsurance",
        Decimal("12.5"),
        True,
        "in",
    )
    assert (limit.service, limit.visits, limit.period) == ("pt", 20, "year")
    assert limit.messages == ("COMBINED WITH OT",)
    assert (deductible.level, deductible.period, deductible.amount) == ("family", "remaining", Decimal(100))
    assert found.benefits[4].kind == "note"


def test_a_rejection_tells_whether_it_passes() -> None:
    found = answer.parse(reply("AAA*N**75*C", births=""))
    assert [(one.code, one.later) for one in found.rejections] == [("AAA75", False)]
    assert reading.mismatches(question(), found) == []
    unknown = answer.parse(reply("AAA*N**QQ*C", births=""))
    assert "QQ" in unknown.rejections[0].reason


def test_control_numbers_follow_the_trace() -> None:
    traces = [uuid.uuid4().hex for _ in range(200)]
    assert all(1 <= inquiry.control_of(trace) < 10**9 for trace in traces)
    assert inquiry.control_of(TRACE) == inquiry.control_of(TRACE)


def about(first: str | None, last: str | None, born: date | None, member: str | None = "LM12345") -> Answer:
    return Answer(TRACE, "L", Person(first, last, born), member)


@pytest.mark.parametrize(
    ("person", "differs"),
    [
        (("ADA", "SAMPLE", date(1961, 4, 9)), False),
        (("ADA", "SAMPLE JR", date(1961, 4, 9)), False),
        (("ADALYN", "SAM-PLE", date(1961, 4, 9)), False),
        (("ADA", "SAMPLE", None), False),
        (("A", "SAMPLE", date(1961, 4, 9)), True),
        (("BEA", "SAMPLE", date(1961, 4, 9)), True),
        (("ADA", "SIMPLE", date(1961, 4, 9)), True),
        (("ADA", "SAMPLE", date(1962, 4, 9)), True),
    ],
)
def test_who_the_answer_is_about(person: tuple[str, str, date | None], differs: bool) -> None:
    assert bool(reading.mismatches(question(), about(*person))) == differs


@pytest.mark.parametrize(
    ("member", "differs"),
    [("LM12345", False), ("lm 123-45", False), ("LM1234501", False), ("LM12346", True), ("LM", True)],
)
def test_the_member_id_of_the_answer(member: str, differs: bool) -> None:
    assert bool(reading.mismatches(question(), about("ADA", "SAMPLE", ADA.dob, member))) == differs


def line(kind: str, service: str = "pt", **facts: object) -> Benefit:
    return Benefit(kind, service, **facts)  # type: ignore[arg-type]


def suggested(*lines: Benefit) -> dict[str, str]:
    found = reading.suggest(Answer(TRACE, "L", ADA, "LM12345", benefits=lines))
    return {key: one.value for key, one in found.items()}


def test_lines_that_disagree_suggest_nothing() -> None:
    low, high = (line("copay", amount=Decimal(amount), network="in") for amount in (20, 40))
    assert "copay" not in suggested(low, high)
    assert suggested(low, line("copay", amount=Decimal(80), network="out"))["copay"] == "20.00"
    assert "active_coverage" not in suggested(line("active", "plan"), line("inactive", "plan"))


def test_one_line_that_wants_an_authorization_is_enough() -> None:
    wanted = suggested(line("active", authorization=False), line("limit", visits=20, authorization=True))
    assert wanted["authorization_required"] == "yes"
    assert "authorization_required" not in suggested(line("active"))


def test_another_service_says_nothing_of_physical_therapy() -> None:
    assert suggested(line("copay", "other", amount=Decimal(20)), line("active", "other")) == {}


BENEFITS = st.lists(
    st.builds(
        Benefit,
        kind=st.sampled_from(
            ["active", "inactive", "copay", "coinsurance", "deductible", "limit", "not_covered", "note"]
        ),
        service=st.sampled_from(["plan", "pt", "other"]),
        level=st.sampled_from([None, "individual", "family"]),
        network=st.sampled_from([None, "in", "out", "both"]),
        period=st.sampled_from([None, "visit", "year", "remaining", "used"]),
        amount=st.none() | st.decimals(0, 5000, places=2),
        percent=st.none() | st.decimals(0, 100, places=1),
        visits=st.none() | st.integers(0, 60),
        authorization=st.none() | st.booleans(),
    ),
    max_size=10,
)


@given(BENEFITS)
def test_suggestions_rest_on_lines_and_fit_the_checklist(lines: list[Benefit]) -> None:
    found = reading.suggest(Answer(TRACE, "L", ADA, "LM12345", benefits=tuple(lines)))
    kinds = {item.key: item.kind for item in checklist.USUAL}
    for key, one in found.items():
        assert checklist.normal(kinds[key], one.value) is not None
        assert one.because
    if any(entry.kind == "active" and entry.service == "plan" for entry in lines) and any(
        entry.kind == "inactive" and entry.service == "plan" for entry in lines
    ):
        assert "active_coverage" not in found


def test_segments_count_elements_from_one() -> None:
    segment = Segment("EB", ("1", "", "30^PT"))
    assert (segment[1], segment[2], segment[9], segment.several(3)) == ("1", "", "", ("30", "PT"))
