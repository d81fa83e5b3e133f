"""Doors that send until they are answered, whatever happens to the server meanwhile."""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceMark, AttendanceScan
from portal.audit import services as audit
from portal.database import db
from portal.events import queries as events
from portal.events.models import Event
from tests.doors.conftest import Doors
from tests.live import serving

PATIENCE = 60.0
DOORS = 6


@dataclass
class Burst:
    """People at several doors, each sent alone; what was answered to whom."""

    event_id: int
    token: str
    people: Sequence[int]
    at: datetime
    answers: dict[int, str] = field(default_factory=dict)
    retries: Counter[str] = field(default_factory=Counter)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def run(self, port: int, disturb: Callable[[], None]) -> None:
        """Send everybody while `disturb` does its worst; return when all have an answer."""
        with ThreadPoolExecutor(DOORS) as pool:
            doors = [pool.submit(self._door, port, self.people[n::DOORS]) for n in range(DOORS)]
            disturb()
            for door in doors:
                door.result()

    def wait_for(self, number: int) -> None:
        """Wait until so many have an answer: a moment in the middle of the burst."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.answers) >= number, PATIENCE)

    def _door(self, port: int, people: Sequence[int]) -> None:
        for person_id in people:
            until = time.monotonic() + PATIENCE
            while (outcome := self._sent(port, person_id)) is None:
                if time.monotonic() > until:
                    raise TimeoutError(f"no answer for {person_id}: {self.retries}")
            with self._changed:
                self.answers[person_id] = outcome
                self._changed.notify_all()

    def _sent(self, port: int, person_id: int) -> str | None:
        """Send one check-in, always under the same number; None: to be sent again."""
        checkin = {
            "client_id": str(UUID(int=self.event_id << 64 | person_id)),
            "person_id": person_id,
            "at": self.at.isoformat(),
        }
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
        }
        path = f"/api/v1/events/{self.event_id}/checkins"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            with closing(connection):
                connection.request("POST", path, json.dumps({"checkins": [checkin]}), headers)
                answer = connection.getresponse()
                body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.retries[type(error).__name__] += 1
            threading.Event().wait(0.02)
            return None
        if answer.status != 200:
            self.retries[str(answer.status)] += 1
            if answer.status not in {409, 503}:
                raise AssertionError(f"{answer.status}: {body.decode()}")
            return None
        try:
            return str(json.loads(body)["results"][0]["outcome"])
        except ValueError:  # cut within the head: what said how long the answer is was lost
            self.retries["half an answer"] += 1
            return None

    def check(self) -> None:
        """Everybody was answered "recorded", is there once, and the audit chain is whole."""
        db.session.rollback()
        of_event = AttendanceScan.event_id == self.event_id
        seen = Counter(db.session.scalars(select(AttendanceScan.person_id).where(of_event)))
        assert set(self.answers.values()) == {"recorded"}, Counter(self.answers.values())
        assert seen == Counter(self.people)
        here = (AttendanceEntry.event_id == self.event_id, AttendanceEntry.has_come)
        assert db.session.scalar(select(func.count()).where(*here)) == len(self.people)
        came = (
            AttendanceMark.event_id == self.event_id,
            AttendanceMark.to_has_come,
            ~AttendanceMark.from_has_come,
        )
        assert db.session.scalar(select(func.count()).where(*came)) == len(self.people)
        assert audit.verify()[1] is None


def prepared(doors: Doors, people: int) -> Burst:
    """An event that is about to begin, its roll open, and a door with a token."""
    starts_at = clock.now() + timedelta(minutes=5)
    event: Event = doors.lesson(starts_at=starts_at)
    crowd = [person.id for person in doors.many(people)]
    doors.open(event)
    token = doors.token(events.event(event.id))
    return Burst(event.id, token, crowd, clock.now() - timedelta(minutes=1))


def survive_dying_workers(app: Flask, burst: Burst, chance: random.Random) -> None:
    """Kill one of two workers at three moments of a burst."""
    with serving(app, PORTAL_WORKERS=2, PORTAL_API_PER_MINUTE=10**6) as live:

        def disturb() -> None:
            for moment in sorted(chance.sample(range(len(burst.people) - 5), 3)):
                burst.wait_for(moment)
                live.kill_worker(chance.randrange(2))

        burst.run(live.port, disturb)
    burst.check()


def survive_a_dying_server(app: Flask, burst: Burst, chance: random.Random) -> None:
    """Kill all of the server at a moment of a burst, and start it again on the same port."""
    with serving(app, PORTAL_WORKERS=2, PORTAL_API_PER_MINUTE=10**6) as live:
        finished = threading.Event()

        def disturb() -> None:
            burst.wait_for(chance.randrange(len(burst.people) - 5))
            live.kill()
            with serving(app, PORT=live.port, PORTAL_WORKERS=2, PORTAL_API_PER_MINUTE=10**6):
                burst.wait_for(len(burst.people))
                finished.set()

        burst.run(live.port, disturb)
        assert finished.is_set()
    burst.check()
