"""Where the rooms above take part in the roll, without attendance knowing them.

They are told that a roll is settled, and say where one goes on to from its page.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from portal.attendance.models import Roll
from portal.events.models import Event
from portal.people.models import Person
from portal.people.readers import Somebody


class Settled(Protocol):
    """Told, in the same transaction, that a roll was confirmed, or corrected since.

    `revision` is the roll's after the change.
    """

    def __call__(
        self, event: Event, revision: int, actor: Person, *, is_correction: bool
    ) -> None: ...


class Onward(NamedTuple):
    """Where one goes on to from the page of a roll; the main one is the next step."""

    words: str
    address: str
    is_main: bool = False


# What a room offers on the page of this roll to whoever runs it; asks nothing of the database.
Onwards = Callable[[Somebody, Event, Roll], Sequence[Onward]]

settled: list[Settled] = []
onwards: list[Onwards] = []


def onwards_from(reader: Somebody, event: Event, roll: Roll) -> tuple[Onward, ...]:
    """Return where the rooms above lead to from this roll."""
    return tuple(onward for ask in onwards for onward in ask(reader, event, roll))
