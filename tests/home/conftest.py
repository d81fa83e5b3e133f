"""The street, with makers of what a home shows."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.attendance import services as attendance
from portal.attendance.models import AttendanceStatus
from portal.attendance.rules import Timing
from portal.database import db, write_transaction
from portal.events import queries as events
from portal.events.models import Audience, Event, EventDueOrganisation, EventInvitation
from portal.people.models import Organisation, Person
from portal.signups import services as signups
from tests import factories
from tests.factories import Street
from tests.page import Browser

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Neighbourhood(Street):
    """A street whose people post events, sign up and come."""

    def event(self, host: Organisation | None = None, **values: object) -> Event:
        made = factories.event(host or self.shantou, self.secretary, **values)
        factories.commit()
        return made

    def due(self, *organisations: Organisation, **values: object) -> Event:
        made = factories.event(self.shantou, self.secretary, audience=Audience.DUE, **values)
        for organisation in organisations:
            db.session.add(EventDueOrganisation(event_id=made.id, organisation_id=organisation.id))
        factories.commit()
        return made

    def invitation(self, *people: Person, **values: object) -> Event:
        made = factories.event(self.shantou, self.secretary, audience=Audience.INVITED, **values)
        for person in people:
            db.session.add(
                EventInvitation(
                    event_id=made.id,
                    person_id=person.id,
                    invited_by_id=self.secretary.id,
                    invited_at=clock.now(),
                )
            )
        factories.commit()
        return made

    def sign_up(self, event: Event, *people: Person) -> None:
        for person in people:
            with write_transaction():
                signups.sign_up(
                    event=events.event(event.id), person=db.session.merge(person), actor=person
                )

    def over(self, event: Event) -> None:
        """Let it have taken place yesterday."""
        event = db.session.merge(event)
        event.starts_at -= 10 * DAY
        event.ends_at -= 10 * DAY
        factories.commit()

    def open_roll(self, event: Event) -> None:
        with write_transaction():
            attendance.open_roll(event=events.event(event.id), actor=self.secretary)

    def mark(self, event: Event, person: Person, status: AttendanceStatus) -> None:
        with write_transaction():
            attendance.mark(
                event=events.event(event.id),
                person_id=person.id,
                status=status,
                actor=self.secretary,
                timing=Timing(),
            )

    def confirm(self, event: Event) -> None:
        with write_transaction():
            attendance.confirm(event=events.event(event.id), actor=self.secretary)


@pytest.fixture
def street(app: Flask) -> Neighbourhood:
    return Neighbourhood()


@pytest.fixture
def member(street: Neighbourhood, browser: Browser) -> Browser:
    """Signed in as `a`, member of branch one."""
    return browser.sign_in("a")
