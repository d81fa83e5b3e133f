"""The meeting load: units that are called already are pointed out, never refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.database import db
from portal.events import load_queries
from portal.events.load_queries import Load
from portal.events.models import Audience, Event, EventDueOrganisation, EventState
from portal.people.models import Organisation
from tests import factories
from tests.factories import Street
from tests.page import Browser

# A Wednesday at nine.
NINE = clock.from_local(datetime(2027, 3, 3, 9, 0))  # noqa: DTZ001
HOUR = timedelta(hours=1)


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def called(street: Street, *due: Organisation, **values: Any) -> Event:
    made = factories.event(
        street.shantou, street.secretary, **{"starts_at": NINE, "audience": Audience.DUE, **values}
    )
    for organisation in due:
        db.session.add(EventDueOrganisation(event_id=made.id, organisation_id=organisation.id))
    db.session.flush()
    return made


def load(*units: Organisation, cap: int = 2, besides: int | None = None) -> list[Load]:
    return load_queries.load(
        unit_ids=[unit.id for unit in units],
        starts_at=NINE,
        ends_at=NINE + 2 * HOUR,
        cap=cap,
        besides=besides,
    )


def test_a_unit_that_is_called_often_that_week_is_named(street: Street) -> None:
    called(street, street.branch_one, starts_at=NINE + timedelta(days=1))
    assert load(street.branch_one, street.branch_two) == []
    called(street, street.branch_one, starts_at=NINE - timedelta(days=2))
    (one,) = load(street.branch_one, street.branch_two)
    assert one.unit == "汕头路社区第一党支部"
    assert len(one.meetings) == 2
    assert not one.clashes


def test_the_same_hour_is_named_however_few_there_are(street: Street) -> None:
    called(street, street.branch_two, starts_at=NINE + HOUR)
    (one,) = load(street.branch_one, street.branch_two)
    assert one.clashes
    assert load(street.branch_two, cap=0)[0].clashes


def test_what_ends_as_the_other_begins_is_no_clash(street: Street) -> None:
    called(street, street.branch_one, starts_at=NINE + 2 * HOUR)
    called(street, street.branch_one, starts_at=NINE - 2 * HOUR)
    assert not load(street.branch_one)[0].clashes
    assert load(street.branch_one, cap=3) == load(street.branch_one, cap=0) == []


def test_units_above_and_below_are_the_same_people(street: Street) -> None:
    called(street, street.shantou, starts_at=NINE + HOUR)
    assert [one.unit for one in load(street.branch_one)] == ["汕头路社区第一党支部"]
    assert load(street.branch_far) == []
    assert [one.unit for one in load(street.street)] == ["珠海路街道党工委"]


@pytest.mark.parametrize(
    "values",
    [
        {"state": EventState.DRAFT},
        {"state": EventState.CANCELLED},
        {"state": EventState.POSTPONED},
        {"audience": Audience.OPEN},
        {"starts_at": NINE + timedelta(days=7)},
        {"starts_at": NINE - timedelta(days=7)},
    ],
)
def test_what_calls_nobody_that_week_does_not_count(street: Street, values: dict[str, Any]) -> None:
    called(street, street.branch_one, **values)
    assert load(street.branch_one, cap=1) == []


def test_the_event_itself_does_not_count(street: Street) -> None:
    event = called(street, street.branch_one)
    assert load(street.branch_one, besides=event.id) == []
    assert load_queries.load(unit_ids=[], starts_at=NINE, ends_at=NINE, cap=1) == []


def test_a_draft_shows_the_load_with_links_and_is_published_all_the_same(
    browser: Browser, street: Street
) -> None:
    soon = clock.now() + timedelta(days=3)
    other = called(street, street.branch_one, starts_at=soon, title="另一场会")
    draft = called(street, street.branch_one, starts_at=soon, state=EventState.DRAFT)
    factories.commit()
    page = browser.sign_in("secretary").get(f"/events/{draft.id}")
    assert "1 个单位那一周已有安排" in page.text
    assert "其中有同一时间的" in page.text
    assert page.links()["另一场会"] == f"/events/{other.id}"
    page = browser.submit(page.form("/publish"))
    assert page.status == 200
    assert "已有安排" not in page.text
    assert db.session.get_one(Event, draft.id).state is EventState.PUBLISHED


def test_the_form_looks_at_the_week_and_keeps_what_was_typed(
    browser: Browser, street: Street
) -> None:
    called(street, street.branch_one, title="另一场会")
    factories.commit()
    form = browser.sign_in("secretary").get("/events/new").form("/events/new")
    typed: dict[str, Any] = {
        "title": "新会",
        "kind": "meeting",
        "audience": "due",
        "due": str(street.branch_one.id),
        "starts_at": "2027-03-03T10:00",
        "ends_at": "2027-03-03T11:00",
    }
    page = browser.submit(form, **typed, then="load")
    assert page.status == 200
    assert "另一场会" in page.links()
    assert page.form("/events/new").fields["title"] == "新会"
    page = browser.submit(form, **{**typed, "due": str(street.branch_two.id)}, then="load")
    assert "那一周的安排不多" in page.text
    assert browser.submit(form, **{**typed, "starts_at": ""}, then="load").status == 200
    assert db.session.query(Event).count() == 1
    page = browser.submit(form, **typed, then="save")
    form = browser.get(f"{page.response.request.path}/edit").form("/edit")
    assert "另一场会" in browser.submit(form, then="load").links()


def test_fifty_meetings_cost_as_much_as_one(
    street: Street, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    called(street, street.branch_one)
    few = queries_of(lambda: load(street.branch_one))
    for number in range(50):
        called(street, street.branch_one, street.branch_two, title=f"会{number}")
    db.session.flush()
    units = [unit.id for unit in (street.branch_one, street.branch_two, street.shantou)]
    many = queries_of(
        lambda: load_queries.load(unit_ids=units, starts_at=NINE, ends_at=NINE + HOUR, cap=2)
    )
    assert many <= few + 1 <= 6
