"""A community whose branch one is due to a lesson at nine o'clock."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.attendance import queries, services
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Roll
from portal.attendance.rules import Balance, Timing
from portal.database import db
from portal.events import queries as events
from portal.events.models import Audience, Event, EventDueOrganisation, EventInvitation
from portal.people.models import Organisation, Person
from portal.signups.models import Signup, SignupMove, SignupOrigin, SignupStatus
from tests import factories
from tests.factories import Street

NINE = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # 9:00 in China
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Gathering(Street):
    """The street, and makers of events and of what fills their rolls."""

    def lesson(self, *due: Organisation, audience: Audience = Audience.DUE, **values) -> Event:
        """A lesson at nine, due to branch one unless said otherwise."""
        made = factories.event(
            values.pop("host", self.shantou),
            self.secretary,
            audience=audience,
            starts_at=values.pop("starts_at", NINE),
            **values,
        )
        if audience is Audience.DUE:
            for organisation in due or (self.branch_one,):
                db.session.add(
                    EventDueOrganisation(event_id=made.id, organisation_id=organisation.id)
                )
        factories.commit()
        return made

    def invite(self, event: Event, person: Person) -> None:
        db.session.add(
            EventInvitation(
                event_id=event.id,
                person_id=person.id,
                invited_by_id=self.secretary.id,
                invited_at=NINE - 48 * HOUR,
            )
        )
        factories.commit()

    def sign_up(
        self,
        event: Event,
        person: Person,
        at: datetime = NINE - 24 * HOUR,
        origin: SignupOrigin = SignupOrigin.SELF,
    ) -> Signup:
        signup = Signup(
            event_id=event.id,
            person_id=person.id,
            status=SignupStatus.CONFIRMED,
            origin=origin,
            signed_up_by_id=person.id,
            created_at=at,
            confirmed_at=at,
        )
        return self._moved(signup, at)

    def cancel(self, signup: Signup, at: datetime) -> None:
        signup = db.session.merge(signup)
        signup.status, signup.cancelled_at = SignupStatus.CANCELLED, at
        self._moved(signup, at)

    @staticmethod
    def _moved(signup: Signup, at: datetime) -> Signup:
        db.session.add(signup)
        db.session.flush()
        db.session.add(
            SignupMove(
                event_id=signup.event_id,
                signup_id=signup.id,
                to_status=signup.status,
                reason="测试",
                at=at,
            )
        )
        factories.commit()
        return signup

    def many(self, number: int, branch: Organisation | None = None) -> list[Person]:
        made = [
            factories.person(f"党员第{i:03d}号", branch or self.branch_one) for i in range(number)
        ]
        factories.commit()
        return made

    # ---- the roll

    def open(self, event: Event) -> Roll:
        roll = services.open_roll(event=events.event(event.id), actor=self.secretary)
        factories.commit()
        return roll

    def mark(self, event: Event, person: Person, status: str, **more) -> services.Marked:
        marked = services.mark(
            event=events.event(event.id),
            person_id=person.id,
            status=AttendanceStatus(status),
            actor=more.pop("actor", self.secretary),
            timing=Timing(),
            **more,
        )
        factories.commit()
        return marked

    def mark_id(self, event: Event, person: Person, status: str, **more) -> int:
        """Mark somebody and return the mark's number."""
        made = self.mark(event, person, status, **more).mark
        assert made is not None
        return made.id

    def confirm(self, event: Event, **more) -> None:
        services.confirm(event=events.event(event.id), actor=self.secretary, **more)
        factories.commit()

    def statuses(self, event: Event) -> dict[str, str]:
        """Name -> status, as the database has it now."""
        db.session.rollback()
        rows = db.session.scalars(queries.entries(event.id))
        return {row.name: row.status.value for row in rows}

    def numbers(self, event: Event) -> Balance:
        db.session.rollback()
        return queries.numbers(event.id)

    def entry(self, event: Event, person: Person) -> AttendanceEntry:
        db.session.rollback()
        return queries.entry(event.id, person.id)


@pytest.fixture
def gathering(app: Flask) -> Gathering:
    return Gathering()


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """Move the clock: `at(NINE - HOUR)`; it stands still in between."""
    with time_machine.travel(NINE - 12 * MINUTE, tick=False) as traveller:
        yield traveller.move_to
