"""A branch whose lessons at nine give hours, and a worker that reckons them."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.hours.models import HourChange, HourEntry
from portal.people.models import Person
from tests.attendance.conftest import HOUR, MINUTE, NINE, Gathering, at, gathering
from tests.chores import work_at

__all__ = ["HOUR", "MINUTE", "NINE", "Gathering", "at", "gathering"]

At = Callable[[datetime], None]
Count = Callable[[], None]


@pytest.fixture
def count(app: Flask) -> Count:
    """Let the worker do all that is due now."""
    return lambda: work_at(app, clock.now())


def halves(person: Person, event: Event | None = None) -> list[int]:
    """The halves that somebody has, by entry, as the database has them now."""
    db.session.rollback()
    wanted = select(HourEntry.halves).where(HourEntry.person_id == person.id)
    if event is not None:
        wanted = wanted.where(HourEntry.event_id == event.id)
    return list(db.session.scalars(wanted.order_by(HourEntry.id)))


def changes(person: Person) -> list[HourChange]:
    db.session.rollback()
    return list(
        db.session.scalars(
            select(HourChange).where(HourChange.person_id == person.id).order_by(HourChange.id)
        )
    )
