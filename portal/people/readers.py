"""The reader of a request in plain values: all that policies ask of somebody, nothing to change.

A page that only reads is content with the Reader, which one small statement brings; no entity is
loaded for it. A view that changes something takes the Person (`access.current_person`). Policies
and queries take either: `Somebody`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from portal.people.models import Organisation, Person, Role


@dataclass(frozen=True, slots=True)
class Unit:
    """The organisation over which a role was granted."""

    id: int
    name: str
    short_name: str
    path: str

    def is_within(self, other: "Somewhere") -> bool:
        """Return whether it is `other` or lies below it."""
        return self.path.startswith(other.path)


@dataclass(frozen=True, slots=True)
class Duty:
    """A role over an organisation and everything below it, for a time."""

    role: Role
    organisation: Unit | None
    valid_from: date | None
    valid_to: date | None

    def is_open_on(self, day: date) -> bool:
        """Return whether it holds on that day (both ends included)."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever is signed in: a person as policies see one."""

    id: int
    name: str
    grants: tuple[Duty, ...]


Somebody: TypeAlias = Person | Reader
Somewhere: TypeAlias = Organisation | Unit


class SignedIn(NamedTuple):
    """A session that was found by its token: how it stands, and whose it is."""

    session_id: int
    created_at: datetime
    last_seen_at: datetime
    ended_at: datetime | None
    account_id: int
    username: str
    is_active: bool
    expires_on: date | None
    must_change_password: bool
    password_changed_at: datetime
    confirmed_at: datetime | None
    unread: int
    reader: Reader
