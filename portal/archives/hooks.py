"""What the rooms above put into a year archive, and what they still have open.

Imports run down the house: events, attendance, records register here what papers they have.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from portal.people.models import Person


@dataclass(frozen=True)
class Year:
    """What is asked for: the papers of a subtree in a year of China's calendar.

    `path` is the subtree's prefix; `begins_at` belongs to the year, `ends_at` no more.
    """

    path: str
    number: int
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Paper:
    """One file of an archive: in which folder, of which day and matter, and what writes it.

    `folder` and `name` may be any text (`names.py` makes them fit for every file system).
    `write` is called once, in a transaction of its own; it may write nothing where what it is
    about has gone meanwhile. `is_written` says that the portal itself writes the document: what
    its writer notes about the present moment is taken out, so that it is the same each time.
    """

    folder: str
    name: str
    label: str
    day: date
    about: str
    write: Callable[[BinaryIO], None]
    is_written: bool = False


@dataclass(frozen=True)
class Matter:
    """Something that is still open in an organisation: what, since or for when, and where."""

    label: str
    title: str
    day: date | None
    address: str


@dataclass(frozen=True)
class Source:
    """A room's papers of a year, in the order in which they stand in the archive."""

    name: str
    papers: Callable[[Year], Sequence[Paper]]


@dataclass(frozen=True)
class Shelf:
    """What can be put away for good once a year is archived: how many, and the act."""

    label: str
    count: Callable[[Year], int]
    put_away: Callable[[Year, Person], int]


# Open matters of a subtree: what whoever takes over an office must know, at most so many.
Matters = Callable[[str, int], Sequence[Matter]]

sources: list[Source] = []
matters: list[Matters] = []
shelves: list[Shelf] = []
