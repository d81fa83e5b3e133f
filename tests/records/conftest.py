"""A community whose branch one holds a seminar at nine o'clock, and who keeps its records."""

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.database import db
from portal.events import queries as events
from portal.events.models import Event, EventDueOrganisation, EventKind
from portal.people.models import Organisation, Person, PersonKey, RoleGrant
from portal.records import queries, services
from portal.records.models import MeetingRecord, RecordKind, Statement, StatementKind
from portal.records.services import Said
from tests import factories
from tests.attendance.conftest import HOUR, NINE, Gathering, at
from tests.page import Browser

__all__ = ["HOUR", "NINE", "Hall", "at"]

At = Callable[[datetime], None]


class Hall(Gathering):
    """The street, with a seminar of branch one."""

    def seminar(self, **values) -> Event:
        """A seminar of branch one at nine; its people are due."""
        return self.lesson(
            host=values.pop("host", self.branch_one),
            kind=values.pop("kind", EventKind.SEMINAR),
            title=values.pop("title", "物业服务座谈会"),
            **values,
        )

    def record(self, event: Event, kind: RecordKind = RecordKind.SEMINAR, **more) -> MeetingRecord:
        """A draft of the seminar, begun by the recorder."""
        made = services.begin(
            event=events.event(event.id),
            kind=kind,
            organisation=more.pop("organisation", self.branch_one),
            late_reason=more.pop("late_reason", ""),
            actor=more.pop("actor", self.recorder),
        )
        factories.commit()
        return self.again(made.id)

    def again(self, record_id: int) -> MeetingRecord:
        """The record as it is in the database now."""
        db.session.rollback()
        db.session.expire_all()
        return queries.record(record_id)

    def say(self, record: MeetingRecord, text: str, **more) -> Statement:
        """A statement of member a."""
        said = Said(
            client_id=more.pop("client_id", f"test-{text}-0000"),
            speaker=more.pop("speaker", "党员测试甲"),
            post=more.pop("post", ""),
            kind=more.pop("kind", StatementKind.QUESTION),
            text=text,
            **more,
        )
        record = self.again(record.id)
        made = services.take_down(record=record, said=said, actor=self.recorder)
        factories.commit()
        return made

    def ready(self, kind: RecordKind = RecordKind.SEMINAR, **written: str) -> MeetingRecord:
        """A record to which nothing is missing: the roll is confirmed, the parts are written."""
        event = self.seminar()
        record = self.record(event, kind)
        with time_machine.travel(NINE + HOUR, tick=False):
            self.confirm(event)
            typed = {
                "chair": "支书测试甲",
                "agenda": "一、物业",
                "discussion": "都发了言",
                **written,
            }
            record = self.again(record.id)
            services.save(
                record=record, typed=typed, seen=services.seen(record), actor=self.recorder
            )
            factories.commit()
        return self.again(record.id)

    def confirmed(self) -> MeetingRecord:
        """A record that the recorder and the branch secretary have confirmed."""
        return self.finish(self.ready())

    def finish(self, record: MeetingRecord) -> MeetingRecord:
        """Let the recorder and the branch secretary confirm it."""
        record = self.again(record.id)
        for how, who in (
            (services.confirm_as_recorder, self.recorder),
            (services.confirm_as_host, self.branch),
        ):
            how(
                record=record,
                version=record.version,
                statements=record.statements,
                actor=self.with_grants(who),
            )
            factories.commit()
            record = self.again(record.id)
        return record

    def with_grants(self, person: Person) -> Person:
        """The person as a view has it: with what policies ask about."""
        return db.session.scalars(
            select(Person)
            .where(Person.id == person.id)
            .options(selectinload(Person.grants).joinedload(RoleGrant.organisation))
            .execution_options(populate_existing=True)
        ).one()

    def also_due(self, event: Event, branch: Organisation) -> None:
        db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=branch.id))
        factories.commit()

    def initials(self, person, *keys: str) -> None:
        db.session.add_all(PersonKey(person_id=person.id, key=key) for key in keys)
        factories.commit()


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


@pytest.fixture
def as_(app: Flask) -> Callable[[str], Browser]:
    return lambda username: Browser(app).sign_in(username)
