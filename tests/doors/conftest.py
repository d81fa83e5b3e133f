"""A gathering with doors: devices with tokens, and people with passes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.attendance.models import AttendanceScan
from portal.database import db
from portal.doors import services
from portal.doors.api.blueprint import LIMITS
from portal.doors.models import PassKind
from portal.events import queries as events
from portal.events.models import Event
from portal.people.models import Organisation, Person
from tests import factories
from tests.attendance.conftest import NINE, Gathering, at

START = NINE - timedelta(minutes=12)
__all__ = ["at"]


class Device:
    """Something at a door that speaks the API."""

    def __init__(self, app: Flask, token: str) -> None:
        self.client = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def roster(self, event: Event | int, **headers: str) -> Any:
        return self.client.get(
            f"/api/v1/events/{_id(event)}/roster", headers={**self.headers, **headers}
        )

    def send(self, event: Event | int, *checkins: dict[str, Any]) -> Any:
        return self.client.post(
            f"/api/v1/events/{_id(event)}/checkins",
            json={"checkins": list(checkins)},
            headers=self.headers,
        )

    def outcomes(self, event: Event | int, *checkins: dict[str, Any]) -> list[str]:
        response = self.send(event, *checkins)
        assert response.status_code == 200, response.json
        return [one["outcome"] for one in response.json["results"]]

    def post(self, event: Event, body: bytes | str, kind: str = "application/json") -> Any:
        return self.client.post(
            f"/api/v1/events/{event.id}/checkins",
            data=body,
            content_type=kind,
            headers=self.headers,
        )


class Doors(Gathering):
    """The gathering, and makers of tokens and passes."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app

    def token(self, about: Event | Organisation, **values: Any) -> str:
        expires_at: datetime = values.pop("expires_at", clock.now() + timedelta(days=1))
        values = {"may_read": True, "may_write": True, "actor": self.secretary, **values}
        _, text = services.make_token(name="东门", about=about, expires_at=expires_at, **values)
        factories.commit()
        return text

    def device(self, event: Event, **values: Any) -> Device:
        self.open(event)
        return Device(self.app, self.token(events.event(event.id), **values))

    def give_pass(self, person: Person, kind: PassKind = PassKind.PHONE, days: int = 180) -> str:
        key = str(self.app.config["SECRET_KEY"])
        held = services.issue_pass(person=person, kind=kind, actor=person, key=key, days=days)
        factories.commit()
        text = services.text_of(held, key=key)
        assert text is not None
        return text

    @property
    def scans(self) -> Sequence[AttendanceScan]:
        db.session.rollback()
        return db.session.scalars(select(AttendanceScan)).all()


def checkin(
    who: Person | int | None = None, shown: str | None = None, **values: Any
) -> dict[str, Any]:
    """One check-in as a device sends it."""
    made: dict[str, Any] = {
        "client_id": str(uuid4()),
        "at": START.isoformat(),
        "method": "scan",
        **values,
    }
    if who is not None:
        made["person_id"] = who.id if isinstance(who, Person) else who
    if shown is not None:
        made["pass"] = shown
    return made


def _id(event: Event | int) -> int:
    return event if isinstance(event, int) else event.id


@pytest.fixture
def doors(app: Flask) -> Iterator[Doors]:
    """The world; what was counted of requests is forgotten after each test."""
    yield Doors(app)
    app.extensions.pop(LIMITS, None)
