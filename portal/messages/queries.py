"""Questions about messages."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, select

from portal import paging
from portal.database import db
from portal.errors import NotFoundError
from portal.messages.models import Message, MessageKind, Silence
from portal.people.models import Account, Person
from portal.people.readers import Somebody


def page_of_inbox(
    person: Somebody, number: int, kind: MessageKind | None = None
) -> "paging.Page[Message]":
    """Return page `number` of a person's messages, the unread first, then the latest."""
    wanted = select(Message).where(Message.person_id == person.id)
    if kind is not None:
        wanted = wanted.where(Message.kind == kind)
    return paging.page_of(wanted.order_by(Message.read_at.is_not(None), Message.id.desc()), number)


def message(message_id: int) -> Message:
    """Return one message; raise NotFoundError."""
    found = db.session.get(Message, message_id)
    if found is None:
        raise NotFoundError("没有找到这条消息，可能已经过期清除。")
    return found


def silenced(person: Somebody) -> set[MessageKind]:
    """Return the kinds that the person has switched off."""
    return set(db.session.scalars(select(Silence.kind).where(Silence.person_id == person.id)))


def unread_of_account(account_id: ColumnElement[int]) -> ColumnElement[int]:
    """Return, as a part of another statement, how much the account's person has not read."""
    return (
        select(func.count(Message.id))
        .join(Account, Account.person_id == Message.person_id)
        .where(Account.id == account_id, Message.read_at.is_(None))
        .correlate_except(Message, Account)
        .scalar_subquery()
    )


def without_account(people: Collection[int] | Select[int]) -> int:
    """Return how many of these people have no account through which a message is read."""
    reached = select(Account.person_id).where(*opens_inbox())
    wanted = select(func.count(Person.id)).where(Person.id.in_(people), Person.id.not_in(reached))
    return db.session.scalar(wanted) or 0


def opens_inbox() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that an account is in use."""
    return (Account.is_active.is_(True), Account.confirmed_at.is_not(None))
