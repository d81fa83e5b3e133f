"""The doors of the event that is on: devices, badges, and what was not counted there."""

from datetime import datetime, timedelta
from uuid import uuid4

from flask import current_app
from sqlalchemy import select

from portal.attendance.models import AttendanceEntry, Method
from portal.attendance.rules import Timing
from portal.database import db
from portal.demo.world import World
from portal.doors import services
from portal.doors.models import PassKind
from portal.doors.offline import services as offline
from portal.doors.offline.services import Written
from portal.doors.services import Sent
from portal.events import queries as events
from portal.events.models import Event, EventState
from portal.people.models import Organisation, Person

_SCANNED = 6


def set_up_doors(world: World, now: datetime) -> None:
    """Set up two devices and a turnstile, give badges, and let the east door see some people."""
    key, days = str(current_app.config["SECRET_KEY"]), current_app.config["PORTAL_PASS_DAYS"]
    member = world.persons["member1"]
    services.issue_pass(person=member, kind=PassKind.PHONE, actor=member, key=key, days=days)
    street = world.organisations["ZHL"]
    _device("党群服务中心闸机", street, world.persons["sysadmin"], now + timedelta(days=90))
    event = _running(now)
    if event is None:
        return
    host = world.persons["secretary"]
    until = event.ends_at + timedelta(days=1)
    _device("西门扫码枪", event, host, until)
    _device("东门平板", event, host, until)
    services.issue_badges(event=event, actor=host, key=key, days=days)
    services.receive(
        event=event,
        sent=_seen(event, world.persons["member11"], now),
        actor=host,
        device="东门平板",
        key=key,
        timing=Timing(),
    )
    offline.write_down(
        event=event,
        sent=[
            Written(str(uuid4()), now - timedelta(minutes=4), "赵海燕", "社区物业"),
            Written(str(uuid4()), now - timedelta(minutes=2), "孙师傅"),
        ],
        actor=host,
        device="东门平板",
    )


def _device(name: str, about: Event | Organisation, actor: Person, until: datetime) -> None:
    """Nobody has the text of its token: a device is added anew to be tried."""
    services.make_token(
        name=name, about=about, may_read=True, may_write=True, expires_at=until, actor=actor
    )


def _running(now: datetime) -> Event | None:
    """Return the event that is on and has a roll."""
    found = db.session.scalar(
        select(Event.id)
        .join(AttendanceEntry, AttendanceEntry.event_id == Event.id)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at <= now, Event.ends_at >= now)
        .order_by(Event.id)
        .limit(1)
    )
    return events.event(found) if found else None


def _seen(event: Event, stranger: Person, now: datetime) -> list[Sent]:
    """Some who have come already, somebody who is not expected, and a badge of elsewhere."""
    here = db.session.scalars(
        select(AttendanceEntry.person_id)
        .where(AttendanceEntry.event_id == event.id, AttendanceEntry.has_come)
        .order_by(AttendanceEntry.id)
        .limit(_SCANNED)
    )
    sent = [Sent(str(uuid4()), now, Method.SCAN, person_id) for person_id in here]
    sent.append(Sent(str(uuid4()), now, Method.SCAN, stranger.id))
    sent.append(Sent(str(uuid4()), now, Method.SCAN, presented="TSG20261130"))
    return sent
