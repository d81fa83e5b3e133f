"""Whoever has other hours than they were told hears it once, with the difference, by day."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.database import db
from portal.events.models import Event
from portal.hours import services
from portal.hours.kinds import Cause, Source
from portal.hours.models import HourChange
from portal.hours.services import RuleFigures
from portal.jobs import services as jobs
from portal.messages.models import Message, MessageKind
from portal.people.models import Person
from portal.people.readers import Somebody
from tests.hours.conftest import HOUR, NINE, At, Count, Gathering

DAY, QUARTER = timedelta(days=1), timedelta(minutes=16)


def told(who: Somebody) -> list[Message]:
    db.session.rollback()
    wanted = select(Message).where(Message.person_id == who.id, Message.kind == MessageKind.HOURS)
    return list(db.session.scalars(wanted.order_by(Message.id)))


@pytest.fixture
def confirmed(gathering: Gathering, at: At, count: Count) -> Event:
    """A lesson of two hours at which a was, confirmed and counted."""
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    at(NINE + 3 * HOUR)
    gathering.confirm(event)
    count()
    return event


def test_a_correction_is_told_once_with_the_difference(
    gathering: Gathering, confirmed: Event, at: At, count: Count
) -> None:
    assert told(gathering.a) == [], "hours that only came true are no news"
    gathering.mark(confirmed, gathering.a, "left_early", reason="提前离场")
    count()
    for quarters in (1, 2):
        at(NINE + 3 * HOUR + quarters * QUARTER)
        count()
    (message,) = told(gathering.a)
    assert message.subject == f"学时有变动：{confirmed.title}，2 → 1 学时"
    assert "因为名册更正" in message.body
    assert message.link == f"/hours/?year={NINE.year}"
    gathering.mark(confirmed, gathering.a, "absent", reason="代签")
    count()
    at(NINE + 3 * HOUR + 3 * QUARTER)
    count()
    assert [one.subject[-8:] for one in told(gathering.a)][-1:] == ["1 → 不再计入"]


def test_nobody_is_told_at_night_nor_of_what_was_put_back(
    gathering: Gathering, confirmed: Event, at: At, count: Count
) -> None:
    at(NINE + 13 * HOUR)  # ten in the evening
    gathering.mark(confirmed, gathering.a, "left_early", reason="提前离场")
    count()
    assert told(gathering.a) == []
    gathering.mark(confirmed, gathering.a, "present", reason="看错了")
    gathering.mark(confirmed, gathering.b, "present", reason="漏登")
    count()
    at(NINE + DAY)
    count()
    assert told(gathering.a) == [], "it stands as it was told"
    assert [one.subject for one in told(gathering.b)] == [
        f"学时有变动：{confirmed.title}，无 → 2 学时"
    ]
    assert db.session.scalars(select(HourChange).where(HourChange.told_at.is_(None))).all() == []


def test_several_things_that_a_rule_changes_are_one_message(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    for number in range(2):
        event = gathering.lesson(starts_at=NINE + number * DAY)
        at(NINE + number * DAY + HOUR)
        gathering.open(event)
        gathering.mark(event, gathering.a, "present")
        at(NINE + number * DAY + 3 * HOUR)
        gathering.confirm(event)
    count()
    office = db.session.get_one(Person, gathering.office.id)
    rule = services.set_rule(
        organisation=gathering.street,
        figures=RuleFigures(
            source=Source.LESSON,
            valid_from=date(NINE.year, 1, 1),
            per_hour=1,
            per_half_day=4,
            per_day=8,
            fixed=0,
            cap_event=None,
            cap_year=None,
            needs_full_stay=False,
            lecturer_times=1,
            citation="本街道规定",
            note="",
        ),
        actor=office,
    )
    jobs.ask("hours-of-rule", key=str(rule.id), arguments={"rule_id": rule.id}, actor=office)
    db.session.commit()
    count()
    at(NINE + DAY + 3 * HOUR + QUARTER)
    count()
    (message,) = told(gathering.a)
    assert message.subject == f"{NINE.year}年有 2 项学时有变动，合计 -2 学时"
    assert message.body.count(Cause.RULE.label) == 2
