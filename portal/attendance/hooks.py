"""Where the rooms above are told that a roll is settled, without attendance knowing them."""

from typing import Protocol

from portal.events.models import Event
from portal.people.models import Person


class Settled(Protocol):
    """Told, in the same transaction, that a roll was confirmed, or corrected since.

    `revision` is the roll's after the change.
    """

    def __call__(
        self, event: Event, revision: int, actor: Person, *, is_correction: bool
    ) -> None: ...


settled: list[Settled] = []
