"""Several doors send the same people at the same moment: each is there once."""

import json
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceMark, AttendanceScan
from portal.audit import services as audit
from portal.database import db
from portal.events import queries as events
from portal.events.models import Audience
from portal.signups.models import Signup
from tests.doors.conftest import Doors
from tests.live import serving

DOORS, PEOPLE, BATCH = 6, 40, 10


def test_doors_that_send_at_once_and_again_count_everybody_once(
    doors: Doors, any_database: str
) -> None:
    """At an open event, so that each also needs a place that nobody else gives them."""
    starts_at = clock.now() - timedelta(minutes=1)
    event = doors.lesson(audience=Audience.OPEN, starts_at=starts_at)
    doors.open(event)
    token = doors.token(events.event(event.id))
    people = [person.id for person in doors.many(PEOPLE)]
    path = f"/api/v1/events/{event.id}/checkins"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def bodies(door: int) -> list[bytes]:
        """Everybody, as one door saw them; each batch twice, in an order of its own."""
        seen = [
            {
                "client_id": str(UUID(int=door << 32 | person_id)),
                "person_id": person_id,
                "at": (starts_at - timedelta(minutes=door)).isoformat(),
            }
            for person_id in people
        ]
        batches = [seen[start : start + BATCH] for start in range(0, PEOPLE, BATCH)] * 2
        random.Random(door).shuffle(batches)
        return [json.dumps({"checkins": batch}).encode() for batch in batches]

    with serving(doors.app) as live:

        def send(door: int) -> list[int]:
            connection = live.connect()
            statuses = []
            for body in bodies(door):
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            connection.close()
            return statuses

        with ThreadPoolExecutor(DOORS) as pool:
            answered = [status for each in pool.map(send, range(DOORS)) for status in each]
        assert set(answered) == {200}, live.said()

    def number(*what: Any) -> int:
        counted: Any = select(func.count()).where(*what)
        return db.session.scalar(counted) or 0

    db.session.rollback()
    assert number(AttendanceScan.id > 0) == DOORS * PEOPLE
    assert number(Signup.event_id == event.id) == PEOPLE
    came = (AttendanceMark.to_has_come, ~AttendanceMark.from_has_come)
    assert number(*came) == PEOPLE
    earliest = starts_at - timedelta(minutes=DOORS - 1)
    here = (AttendanceEntry.event_id == event.id, AttendanceEntry.has_come)
    assert number(*here) == PEOPLE
    assert number(*here, AttendanceEntry.arrived_at == earliest) == PEOPLE
    assert audit.verify()[1] is None
