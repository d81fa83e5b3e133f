"""Getting one device ready for one event: a token of its own, for as long as it is needed."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from portal import clock
from portal.doors import services as doors
from portal.doors.models import DoorToken
from portal.events.models import Event
from portal.people.models import Person


class Prepared(NamedTuple):
    """What the page is given: the token and, once only, its text."""

    token: DoorToken
    text: str


def prepare(*, event: Event, name: str, actor: Person) -> Prepared:
    """Make the token of a staff page: for this event, until the end of the day after it.

    It stands in the list of devices like any other, and is taken back there. An event that is
    over by more than that gives one until tomorrow: records may still lie on the device.
    """
    day = max(clock.local(event.ends_at).date(), clock.today()) + timedelta(days=1)
    expires_at: datetime = clock.from_local(datetime.combine(day, time(23, 59)))
    token, text = doors.make_token(
        name=name, about=event, may_read=True, may_write=True, expires_at=expires_at, actor=actor
    )
    return Prepared(token, text)
