"""Which kiosk a browser is, and whom it shows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from portal.attendance.models import AttendanceEntry, Roll
from portal.database import alias_of, db
from portal.doors.models import Kiosk
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.people.models import Account, Person, RoleGrant
from portal.people.queries import begins_with

Entry = AttendanceEntry


class Named(NamedTuple):
    """Somebody on the roll as a kiosk shows them."""

    person_id: int
    name: str
    unit_name: str
    phone_tail: str
    pinyin_key: str
    has_come: bool
    # How many on this roll have the name.
    namesakes: int
    arrived_at: datetime | None
    left_at: datetime | None
    signs_out: bool
    minimum_stay: int

    def leaves_at(self, moment: datetime) -> bool:
        """Return whether signing in once more means that the person leaves."""
        return (
            self.signs_out
            and self.has_come
            and self.arrived_at is not None
            and moment - self.arrived_at >= timedelta(minutes=self.minimum_stay)
        )


def find_kiosk(token_hash: str) -> tuple[Kiosk, Account] | None:
    """Return the kiosk with its event and host, and its starter's account, grants and all."""
    found = db.session.execute(_WHOLE, {"token_hash": token_hash}).unique().one_or_none()
    return (found[0], found[1]) if found else None


def kiosk(kiosk_id: int, *, event_id: int) -> Kiosk:
    """Return a kiosk of this event; raise NotFoundError."""
    found = db.session.scalar(select(Kiosk).where(Kiosk.id == kiosk_id, Kiosk.event_id == event_id))
    if found is None:
        raise NotFoundError("没有找到这台自助签到机。")
    return found


def kiosks_of(event_id: int) -> Sequence[Kiosk]:
    """Return the kiosks of an event, the newest first."""
    return db.session.scalars(
        select(Kiosk)
        .where(Kiosk.event_id == event_id)
        .options(joinedload(Kiosk.started_by))
        .order_by(Kiosk.id.desc())
    ).all()


def first_letters(event_id: int) -> set[str]:
    """Return what the surnames on the roll begin with, in pinyin."""
    return set(db.session.scalars(_FIRST_LETTERS, {"event_id": event_id}))


def named(event_id: int, first: str) -> Sequence[Named]:
    """Return those on the roll whose surname begins with the letter, in order of pinyin.

    Anything that is no letter stands for all that begins with none.
    """
    key = Person.pinyin_key
    letter = first.lower()
    begins = begins_with(key, letter) if "a" <= letter <= "z" else or_(key < "a", key >= "{")
    asked = _NAMED.where(begins)
    return [Named._make(row) for row in db.session.execute(asked, {"event_id": event_id})]


def named_as(event_id: int, name: str, phone_tail: str) -> Sequence[Named]:
    """Return those on the roll with this name and these last digits: one, none, rarely two."""
    asked = _NAMED.where(Entry.name == name, Entry.phone_tail == phone_tail)
    return [Named._make(row) for row in db.session.execute(asked, {"event_id": event_id})]


def find_named(event_id: int, person_id: int) -> Named | None:
    """Return one person on the roll."""
    asked = _NAMED.where(Entry.person_id == person_id)
    row = db.session.execute(asked, {"event_id": event_id}).one_or_none()
    return Named._make(row) if row else None


_EVENT_ID = bindparam("event_id", type_=Entry.event_id.type)
_FIRST_LETTERS = (
    select(func.substr(Person.pinyin_key, 1, 1))
    .join(Entry, Entry.person_id == Person.id)
    .where(Entry.event_id == _EVENT_ID)
    .distinct()
)
_Other = alias_of(Entry)
_NAMESAKES = (
    select(func.count())
    .where(_Other.event_id == Entry.event_id, _Other.name == Entry.name)
    .scalar_subquery()
)
_NAMED = (
    select(
        Entry.person_id,
        Entry.name,
        Entry.unit_name,
        Entry.phone_tail,
        Person.pinyin_key,
        Entry.has_come,
        _NAMESAKES,
        Entry.arrived_at,
        Entry.left_at,
        Roll.signs_out,
        Roll.minimum_stay,
    )
    .join(Person, Person.id == Entry.person_id)
    .join(Roll, Roll.event_id == Entry.event_id)
    .where(Entry.event_id == _EVENT_ID)
    .order_by(Person.pinyin_key, Entry.unit_path, Entry.person_id)
)
_WHOLE = (
    select(Kiosk, Account)
    .join(Account, Account.person_id == Kiosk.started_by_id)
    .where(Kiosk.token_hash == bindparam("token_hash", type_=Kiosk.token_hash.type))
    .options(
        joinedload(Kiosk.event).joinedload(Event.host),
        joinedload(Kiosk.started_by).joinedload(Person.grants).joinedload(RoleGrant.organisation),
    )
    .execution_options(populate_existing=True)
)
