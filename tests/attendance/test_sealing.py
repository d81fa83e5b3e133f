"""A confirmed roll bears a seal: whatever changes it but a correction is seen."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from portal.attendance import services
from portal.attendance.models import AttendanceStatus
from portal.attendance.queries import roll as roll_of
from portal.attendance.sealing import Sealed, key_of, seal_of, seal_of_roll
from portal.database import db
from portal.events.models import Event
from tests.attendance.conftest import HOUR, NINE, Gathering
from tests.page import Browser, Page

At = Callable[[datetime], None]
KEY = key_of("secret")
ROWS = st.builds(
    Sealed,
    person_id=st.integers(1, 9),
    name=st.text(max_size=4),
    unit_name=st.text(max_size=4),
    status=st.sampled_from(AttendanceStatus),
    is_listed=st.booleans(),
    is_walk_in=st.booleans(),
    has_come=st.booleans(),
    arrived_at=st.none() | st.just(NINE),
    left_at=st.none() | st.just(NINE + HOUR),
)
# As the portal made them before people signed out, under the key of "secret".
OLD_ROW = Sealed(7, "党员测试甲", "第一党支部", AttendanceStatus.PRESENT, True, False, True, NINE)
OLD_SEAL = "1c4a0c9450d564c681a5e538e054f99a7c3acb57806f0b39ff8443fd67104f77"


@given(ROWS, ROWS, st.integers(1, 3), st.integers(1, 3))
def test_rows_bear_the_same_seal_only_if_all_of_them_is_the_same(
    one: Sealed, other: Sealed, event: int, another: int
) -> None:
    same = (one, event) == (other, another)
    assert (seal_of(KEY, event, one) == seal_of(KEY, another, other)) is same
    assert seal_of(key_of("other secret"), event, one) != seal_of(KEY, event, one)


def test_a_seal_of_before_people_signed_out_is_still_whole() -> None:
    assert seal_of(KEY, 3, OLD_ROW) == OLD_SEAL
    assert seal_of(KEY, 3, OLD_ROW._replace(left_at=NINE + HOUR)) != OLD_SEAL


def test_the_seal_of_a_roll_knows_its_rows_in_any_order() -> None:
    assert seal_of_roll(KEY, 1, [(1, "a"), (2, "b")]) == seal_of_roll(KEY, 1, [(2, "b"), (1, "a")])
    assert seal_of_roll(KEY, 1, [(1, "a")]) != seal_of_roll(KEY, 1, [(1, "a"), (2, "b")])


@pytest.fixture
def confirmed(gathering: Gathering, at: At) -> Event:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    gathering.confirm(event)
    return event


def page_of(app: Flask, event: Event) -> Page:
    return Browser(app).sign_in("secretary").get(f"/events/{event.id}/attendance")


def behind_our_back(statement: str, **values: object) -> None:
    db.session.execute(text(statement), values)
    db.session.commit()


def test_a_confirmed_roll_says_that_it_is_whole_before_and_after_a_correction(
    gathering: Gathering, app: Flask, confirmed: Event, any_database: str
) -> None:
    assert page_of(app, confirmed).by("data-seal", "whole")
    gathering.mark(confirmed, gathering.b, "present", reason="漏登")
    page = page_of(app, confirmed)
    assert page.by("data-seal", "whole")
    assert not page.by("data-seal", "broken")


@pytest.mark.parametrize(
    "change",
    [
        "status = 'present', has_come = :yes",
        "name = '另一个人'",
        "is_listed = :no",
        "seal = NULL",
        "arrived_at = NULL, has_come = :yes",
    ],
)
def test_a_row_changed_in_the_database_is_named(
    gathering: Gathering, app: Flask, confirmed: Event, any_database: str, change: str
) -> None:
    behind_our_back(
        f"UPDATE attendance_entry SET {change} WHERE person_id = :person",
        person=gathering.b.id,
        **{name: value for name, value in (("yes", True), ("no", False)) if f":{name}" in change},
    )
    page = page_of(app, confirmed)
    assert page.by("data-seal", "broken")
    assert ("另一个人" if "name" in change else "党员测试乙") in page.alert
    # A correction of somebody else does not make it whole again.
    gathering.mark(confirmed, gathering.recorder, "present", reason="漏登")
    assert page_of(app, confirmed).by("data-seal", "broken")


def test_a_row_that_is_gone_is_missed_even_after_a_correction(
    gathering: Gathering, app: Flask, confirmed: Event
) -> None:
    behind_our_back(
        "DELETE FROM attendance_mark WHERE entry_id IN"
        " (SELECT id FROM attendance_entry WHERE person_id = :person)",
        person=gathering.b.id,
    )
    behind_our_back("DELETE FROM attendance_entry WHERE person_id = :person", person=gathering.b.id)
    assert "消失" in page_of(app, confirmed).alert
    gathering.mark(confirmed, gathering.recorder, "present", reason="漏登")
    assert "消失" in page_of(app, confirmed).alert


def test_a_row_of_another_roll_is_no_row_of_this_one(
    gathering: Gathering, app: Flask, confirmed: Event
) -> None:
    other = gathering.lesson()
    gathering.open(other)
    gathering.mark(other, gathering.b, "present")
    gathering.confirm(other)
    behind_our_back(
        "UPDATE attendance_entry SET status = 'present', has_come = :yes,"
        " seal = (SELECT seal FROM attendance_entry"
        " WHERE person_id = :person AND event_id = :other)"
        " WHERE person_id = :person AND event_id = :event",
        yes=True,
        person=gathering.b.id,
        other=other.id,
        event=confirmed.id,
    )
    assert page_of(app, confirmed).by("data-seal", "broken")


def test_under_another_key_nothing_is_claimed(
    gathering: Gathering, app: Flask, confirmed: Event
) -> None:
    services.use_secret("a new secret")
    try:
        page = page_of(app, confirmed)
    finally:
        services.use_secret(app.config["SECRET_KEY"])
    assert page.by("data-seal", "unknown")
    assert not page.alert


def test_a_seal_that_was_taken_off_is_missed(
    gathering: Gathering, app: Flask, confirmed: Event
) -> None:
    behind_our_back("UPDATE roll SET seal = NULL")
    assert page_of(app, confirmed).by("data-seal", "broken")


def test_of_a_roll_confirmed_before_there_were_seals_nothing_is_said(
    gathering: Gathering, app: Flask, confirmed: Event
) -> None:
    behind_our_back("UPDATE roll SET seal = NULL")
    behind_our_back("UPDATE attendance_entry SET seal = NULL")
    page = page_of(app, confirmed)
    assert not page.by("data-seal")
    assert services.broken(roll_of(confirmed.id)) is None
