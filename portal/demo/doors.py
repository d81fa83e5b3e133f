"""The doors of the event that is on: devices, badges, paper, and what was not counted there."""

from datetime import datetime, timedelta
from uuid import uuid4

from flask import current_app
from sqlalchemy import select

from portal.attendance import services as attendance
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Method
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
from portal.signups import services as signups

_SCANNED = 6


def set_up_doors(world: World, now: datetime) -> None:
    """Set up devices, print badges and a sheet, and let the east door see some people."""
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
    services.print_sheet(event=event, actor=host)
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
    _leave_something_to_reconcile(event, host, now, key)


def _leave_something_to_reconcile(event: Event, host: Person, now: datetime, key: str) -> None:
    """Let the west door see one on leave, one whom the east door saw, and a name once more."""
    absent, known = _one(event, has_come=False), _one(event, has_come=True)
    attendance.mark(
        event=event,
        person_id=absent.person_id,
        status=AttendanceStatus.LEAVE_PERSONAL,
        actor=host,
        timing=Timing(),
    )
    seen = [absent.person_id, known.person_id]
    services.receive(
        event=event,
        sent=[Sent(str(uuid4()), now, Method.SCAN, person_id) for person_id in seen],
        actor=host,
        device="西门扫码枪",
        key=key,
        timing=Timing(),
    )
    namesake = _one(event, has_come=False)
    signups.register_guest(event=event, name=namesake.name, unit="", phone="", actor=host)
    attendance.open_roll(event=event, actor=host)
    attendance.count_heads(event=event, people=_SCANNED * 4, actor=host)


def _one(event: Event, *, has_come: bool) -> AttendanceEntry:
    """Return the first listed person on the roll of whom nothing was said, or who has come."""
    is_so = (
        AttendanceEntry.has_come
        if has_come
        else AttendanceEntry.status == AttendanceStatus.EXPECTED
    )
    return db.session.scalars(
        select(AttendanceEntry)
        .where(AttendanceEntry.event_id == event.id, AttendanceEntry.is_listed, is_so)
        .order_by(AttendanceEntry.id)
        .limit(1)
    ).one()


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
