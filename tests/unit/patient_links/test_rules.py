"""Links: tokens, marks and when they are dead."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.patient_links import marks, rules, service

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MOMENTS = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))


@dataclass
class Facts:
    purpose: str
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None
    failed_checks: int


@given(
    st.builds(
        Facts, st.sampled_from(rules.PURPOSES), st.datetimes(timezones=st.just(UTC)), MOMENTS, MOMENTS,
        st.integers(0, 5),
    )
)  # fmt: skip
def test_no_dead_link_opens(link: Facts) -> None:
    if rules.alive(link, NOW):
        assert link.expires_at > NOW
        assert link.revoked_at is None
        assert link.failed_checks < rules.MOST_FAILED_CHECKS
        assert link.used_at is None or link.purpose not in {"intake", "measure"}


def test_a_form_lasts_a_week_and_everything_else_72_hours() -> None:
    forms = {"intake", "measure"}
    assert {rules.lasts(purpose) for purpose in rules.PURPOSES if purpose not in forms} == {timedelta(hours=72)}
    assert {rules.lasts(purpose) for purpose in forms} == {timedelta(days=7)}


@given(st.binary(min_size=32, max_size=32), st.uuids(), st.uuids())
def test_tokens_are_made_again_and_differ(key: bytes, one: uuid.UUID, other: uuid.UUID) -> None:
    token = service.token_of(key, one)
    assert token == service.token_of(key, one)
    assert token.isalnum()
    assert len(token) == marks.TOKEN_LENGTH
    assert one == other or token != service.token_of(key, other)
    assert token != service.token_of(key[::-1] + b"x", one)


@given(st.text(alphabet="ab {}:link-0123", max_size=40), st.uuids(), st.text(alphabet="ab {}", max_size=40))
def test_readers_never_see_a_mark(before: str, link_id: uuid.UUID, after: str) -> None:
    body = before + marks.mark(link_id) + after
    assert str(link_id) not in marks.shown(body)
    for cut in range(len(body)):
        assert str(link_id)[:9] not in marks.shown_cut(body[:cut])


@given(st.lists(st.uuids(), unique=True, max_size=4))
def test_each_mark_becomes_its_own_address(links: list[uuid.UUID]) -> None:
    body = " and ".join(map(marks.mark, links))
    addresses = {link: marks.address("https://clinic.example.org", service.token_of(b"k" * 32, link)) for link in links}
    assert marks.addressed(body, addresses) == " and ".join(addresses[link] for link in links)
    assert marks.marked(body) == links
