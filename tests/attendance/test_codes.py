"""The projected code: bound to its event, for two intervals, hard to guess."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.attendance import codes
from portal.attendance.codes import ALPHABET, PROOF_LENGTH, Verdict, base32, judge, new_code, parse
from portal.attendance.tickets import LASTS, Ticket, opened, sealed
from tests.attendance.conftest import NINE

SECRET, OTHER = "a" * 64, "b" * 64
event_ids = st.integers(1, 2**31 - 1)


def parsed(code: str) -> tuple[int, str]:
    found = parse(code)
    assert found is not None
    return found


def verdict(code: str, later: int, secret: str = SECRET) -> Verdict:
    event_id, proof = parsed(code)
    return judge(secret, event_id, proof, NINE + timedelta(seconds=later), seconds=20)


@given(event_ids)
def test_a_code_names_its_event_and_holds_now(event_id: int) -> None:
    code = new_code(SECRET, event_id, NINE, seconds=20)
    assert parsed(code)[0] == event_id
    assert verdict(code, 0) is Verdict.VALID


@given(event_ids)
def test_a_code_is_read_as_people_type_it(event_id: int) -> None:
    code = new_code(SECRET, event_id, NINE, seconds=20)
    typed = codes.spoken(code).lower().replace("0", "o").replace("1", "l").replace(" ", "-", 1)
    assert parse(f" {typed} ") == parse(code)


@pytest.mark.parametrize(
    ("later", "worth"),
    [
        (19, Verdict.VALID),
        (20, Verdict.VALID),  # the interval of grace
        (39, Verdict.VALID),
        (40, Verdict.EXPIRED),
        (3500, Verdict.EXPIRED),
        (7200, Verdict.WRONG),  # nobody remembers
        (-40, Verdict.WRONG),  # not yet
    ],
)
def test_a_code_lives_for_two_intervals(later: int, worth: Verdict) -> None:
    assert verdict(new_code(SECRET, 7, NINE, seconds=20), later) is worth


def test_a_code_of_another_roll_is_wrong() -> None:
    code = new_code(OTHER, 7, NINE, seconds=20)
    assert verdict(code, 0) is Verdict.WRONG
    of_another_event = base32(8) + new_code(SECRET, 7, NINE, seconds=20)[-PROOF_LENGTH:]
    assert verdict(of_another_event, 0) is Verdict.WRONG


def test_the_proof_has_thirty_bits_without_lookalikes() -> None:
    assert len(ALPHABET) ** PROOF_LENGTH == 2**30
    assert not set("ILOU") & set(ALPHABET)
    proofs = {
        new_code(SECRET, 7, NINE + timedelta(seconds=20 * i), seconds=20)[-PROOF_LENGTH:]
        for i in range(2000)
    }
    assert len(proofs) == 2000


@given(st.text(max_size=60))
def test_anything_may_be_typed(typed: str) -> None:
    found = parse(typed)
    assert found is None or 0 < found[0] < 2**31


def test_a_ticket_speaks_for_its_code_and_its_person_for_five_minutes() -> None:
    anybody = Ticket("CODE", NINE, None)
    assert anybody.holds_for("CODE", 5, NINE)
    assert anybody.holds_for("CODE", 5, NINE + LASTS - timedelta(seconds=1))
    assert not anybody.holds_for("CODE", 5, NINE + LASTS)
    assert not anybody.holds_for("OTHER", 5, NINE)
    assert not Ticket("CODE", NINE, 6).holds_for("CODE", 5, NINE)
    assert not anybody.holds_for("CODE", 5, NINE - timedelta(seconds=1))


def test_a_ticket_opens_with_the_portals_key_alone() -> None:
    ticket = Ticket("CODE", NINE, 5)
    assert opened(sealed(ticket, "key"), "key") == ticket
    assert opened(sealed(ticket, "key"), "another") is None
    assert opened("nonsense", "key") is None
    assert opened("", "key") is None
