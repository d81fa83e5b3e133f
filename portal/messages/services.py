"""Telling people: each thing once, whatever is pressed twice; see docs/decisions/0014.

Rooms call `tell` or `remind` beside the change they make. What was told is not audited: the
change that it tells of is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, exists, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.audit import services as audit
from portal.database import UTCDateTime, brief_write, choice, db
from portal.errors import InvalidInputError
from portal.messages import queries
from portal.messages.models import Message, MessageKind, Silence
from portal.people.models import Account, Person

# Messages are news, not records: what happened stands in the things themselves.
KEPT = timedelta(days=180)
LONGEST_SUBJECT = 200
_COLUMNS = ("person_id", "kind", "subject", "body", "link", "key", "created_at")


class Occasion(StrEnum):
    """The three times at which somebody may be reminded of one thing; there is no fourth."""

    CALLED = "called"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Told:
    """How many people were told, and how many have no account and must be told otherwise."""

    number: int = 0
    without_account: int = 0

    def __add__(self, other: "Told") -> "Told":
        return Told(self.number + other.number, max(self.without_account, other.without_account))

    @property
    def words(self) -> str:
        """Say it to whoever caused it, in Chinese; empty where nobody is concerned."""
        told = f"已通知 {self.number} 人" if self.number else ""
        others = f"{self.without_account} 人没有账号，请另行告知" if self.without_account else ""
        return "；".join(part for part in (told, others) if part)


def tell(
    *,
    people: Collection[int] | Select[Any],
    kind: MessageKind,
    subject: str,
    key: str,
    body: str = "",
    link: str = "",
) -> Told:
    """Tell each of the people (ids, or a select of ids) once; return how many are new to it.

    One statement for however many there are. Whoever was told under this `key` before is not
    told again: the unique index decides, not a look before the write. Who has switched the
    kind off or has no account in use is left out; old messages are swept.
    """
    now = clock.now()
    db.session.execute(delete(Message).where(Message.created_at < now - KEPT))
    values = (
        literal(kind, choice(MessageKind)),
        *(literal(text) for text in (subject[:LONGEST_SUBJECT], body, link, key)),
        literal(now, UTCDateTime()),
    )
    silent = exists().where(Silence.person_id == Account.person_id, Silence.kind == kind)
    listeners = select(Account.person_id, *values).where(
        Account.person_id.in_(people), *queries.opens_inbox(), ~silent
    )
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    written = dialect.insert(Message).from_select(_COLUMNS, listeners)
    done: Any = db.session.execute(
        written.on_conflict_do_nothing(index_elements=["person_id", "key"]),
        execution_options={"preserve_rowcount": True},
    )
    return Told(done.rowcount, queries.without_account(people))


def remind(
    *,
    people: Collection[int] | Select[Any],
    about: str,
    occasion: Occasion,
    subject: str,
    body: str = "",
    link: str = "",
) -> Told:
    """Remind people of one thing, `about` = "event:12": three times at most (B5).

    An occasion reaches a person once, and there are three of them.
    """
    kind = MessageKind.CALL if occasion is Occasion.CALLED else MessageKind.REMINDER
    key = f"{about}:{occasion.value}"
    return tell(people=people, kind=kind, subject=subject, body=body, link=link, key=key)


def mark_read(*, message: Message) -> None:
    """Note that a message was opened; raise OperationalError rather than keep it waiting."""
    if message.read_at is None:
        with brief_write() as connection:
            connection.execute(
                update(Message)
                .where(Message.id == message.id, Message.read_at.is_(None))
                .values(read_at=clock.now())
            )


def mark_all_read(*, actor: Person) -> int:
    """Note that the actor has read everything; return how much that was."""
    unread = update(Message).where(Message.person_id == actor.id, Message.read_at.is_(None))
    done: Any = db.session.execute(unread.values(read_at=clock.now()))
    return int(done.rowcount)


def choose(*, wanted: Collection[MessageKind], actor: Person) -> None:
    """Be told of these kinds from now on, and of no other."""
    if not set(wanted) <= set(MessageKind):
        raise InvalidInputError("没有这一类消息。", field="wanted")
    before = queries.silenced(actor)
    off = set(MessageKind) - set(wanted)
    if off == before:
        return
    db.session.execute(delete(Silence).where(Silence.person_id == actor.id))
    if off:
        db.session.execute(
            insert(Silence), [{"person_id": actor.id, "kind": kind} for kind in sorted(off)]
        )
    audit.record("messages.chosen", actor, actor=actor, off=sorted(kind.value for kind in off))
