"""The consent ledger by scope: STOP ends all, a revoke of marketing leaves care, no question undoes an answer."""

from hypothesis import given
from hypothesis import strategies as st

from backend.messaging.ledger import SCOPES, Scope, state_of

rows = st.lists(
    st.tuples(st.sampled_from(["granted", "asked", "revoked"]), st.sampled_from(["all", *SCOPES])), max_size=12
)
scopes = st.sampled_from(SCOPES)


def test_by_scope() -> None:
    assert state_of([]) == "none"
    assert state_of([("granted", "all")]) == "granted"
    assert state_of([("granted", "all"), ("revoked", "marketing")]) == "granted"
    assert state_of([("granted", "all"), ("revoked", "marketing")], "marketing") == "revoked"
    assert state_of([("granted", "all")], "marketing") == "none"
    assert state_of([("granted", "marketing")], "marketing") == "granted"
    assert state_of([("granted", "marketing"), ("revoked", "all")], "marketing") == "revoked"
    assert state_of([("granted", "marketing")]) == "none"
    assert state_of([("revoked", "all"), ("granted", "feedback")]) == "revoked"


@given(rows, scopes)
def test_a_plain_stop_ends_everything(before: list[tuple[str, str]], scope: Scope) -> None:
    assert state_of([*before, ("revoked", "all")], scope) == "revoked"


@given(rows, rows, scopes)
def test_only_a_grant_undoes_a_revoke(
    before: list[tuple[str, str]], after: list[tuple[str, str]], scope: Scope
) -> None:
    later = [row for row in after if row[0] != "granted"]
    assert state_of([*before, ("revoked", scope), *later], scope) == "revoked"


@given(rows, scopes, scopes)
def test_other_scopes_are_left_alone(before: list[tuple[str, str]], scope: Scope, other: Scope) -> None:
    if scope != other:
        for status in ("granted", "asked", "revoked"):
            assert state_of([*before, (status, other)], scope) == state_of(before, scope)


@given(rows, scopes)
def test_whoever_may_be_texted_said_so(all_rows: list[tuple[str, str]], scope: Scope) -> None:
    if state_of(all_rows, scope) != "granted":
        return
    said = [status for status, named in all_rows if named in {scope, "all"}]
    last_yes = max(place for place, status in enumerate(said) if status == "granted")
    assert "revoked" not in said[last_yes:]
