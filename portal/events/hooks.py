"""Where the rooms above take part in what events do, without events knowing them.

Imports run down the house, so sign-ups and attendance register here what they add to the
event page, to the rows of a list, and to a change of an event.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement, Select

from portal.events.models import Event, EventState
from portal.people.models import Person
from portal.people.readers import Somebody


class Listener(Protocol):
    """A room that must agree to a change of an event, and acts after it."""

    def check_change(self, event: Event, *, capacity: int | None) -> None:
        """Raise InvalidInputError if the event may not get this capacity."""

    def event_changed(self, event: Event, *, actor: Person) -> None:
        """Follow up on a change that has been flushed (places may have become free)."""

    def event_copied(self, event: Event, made: Event) -> None:
        """Give a copy of the event what the room keeps about it as a pattern."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A part of the event page: a template, and what it needs for this event and reader.

    `context` returns None when the reader is not shown the panel; else its keys, and `event`,
    are the template's variables, as in `render`. Panels of `region` "main" stand in the wide
    column, those of "side" beside it.

    `sign` is a condition on `Event` and `people.bound.reader()`, asked for by the statement that
    finds the event itself: where it does not hold, `context` is not called and asks nothing.
    """

    template: str
    region: str
    context: Callable[[Event, Somebody], Mapping[str, object] | None]
    sign: ColumnElement[bool] | None = None


@dataclass(frozen=True)
class Tab:
    """A page about one event for its hosts: label, endpoint taking `event_id`, who may.

    `may_open` looks at the reader's duties, the event and the moment alone: the row of tabs is
    put into words once for them (events/event.html).
    """

    label: str
    endpoint: str
    may_open: Callable[[Somebody, Event], bool]


class Row(Protocol):
    """An event, or what a list says of it."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> EventState: ...
    @property
    def capacity(self) -> int | None: ...
    @property
    def part_of_id(self) -> int | None: ...
    @property
    def session_count(self) -> int: ...


# One line about each of these events ("报名 18/40，候补 3"), asked for a whole list at once.
RowFacts = Callable[[Sequence[Row]], Mapping[int, str]]

# Ids of the events on whose lists a person already stands (signed up, on the roll): such a
# person sees the event, whoever it is meant for.
ListsOf = Callable[[Somebody], Select[int]]

# Ids of the persons who must hear of a change of the event (its state, time, place).
Concerned = Callable[[Event], Select[int]]


class Matter(NamedTuple):
    """A matter that a room adds to the notice of an event: a line, and paragraphs below it."""

    heading: str
    line: str
    paragraphs: tuple[str, ...] = ()


# What a room adds to the notice, for whoever prints it: as far as this reader sees it.
NoticeMatters = Callable[[Event, Somebody], Sequence[Matter]]

# Raises ConflictError where an event has what it must not have once it is held in sessions.
BeforeDividing = Callable[[Event], None]

listeners: list[Listener] = []
panels: list[Panel] = []
tabs: list[Tab] = []
row_facts: list[RowFacts] = []
lists_of: list[ListsOf] = []
concerned: list[Concerned] = []
before_dividing: list[BeforeDividing] = []
notice_matters: list[NoticeMatters] = []
