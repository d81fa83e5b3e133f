"""Dates of a series whose room is taken: all are told at once, with what can be done instead.

Nothing is kept while one of them is refused. The host chooses for each date another room of the
site, or to leave that date out, and sends the form again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from portal import clock
from portal.errors import ConflictError, InvalidInputError
from portal.events import venues
from portal.events.details import LONGEST_LINE, Details
from portal.events.models import Event, Venue
from portal.events.series import queries
from portal.events.venues import VenueTakenError

# How a form calls the choice for a date, and the choice of a room.
AT, ROOM = "at-", "room-"


class Otherwise(StrEnum):
    """What can be done about a date besides taking another room."""

    SKIP = "skip"
    DRAFT = "draft"


@dataclass(frozen=True)
class TakenDate:
    """A date whose room is taken: by what, and what may be chosen (value and words)."""

    name: str
    starts_at: datetime
    ends_at: datetime
    sentence: str
    options: Sequence[tuple[str, str]]
    chosen: str


class DatesTakenError(ConflictError):
    """Rooms of a series are taken on some of its dates; nothing was kept."""

    def __init__(self, dates: Sequence[TakenDate]) -> None:
        super().__init__(
            f"有 {len(dates)} 次的场地已被占用，所以都还没有保存。请逐次选择怎么办，再提交一次。"
        )
        self.dates = dates


class Choices:
    """What the host chose for dates whose room was taken, as the form carries it."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed

    def at(self, starts_at: datetime) -> str:
        """Return what was chosen for the date; empty where nothing was."""
        return self._typed.get(name_of(starts_at), "")

    def skips(self, starts_at: datetime) -> bool:
        """Return whether that date is left out."""
        return self.at(starts_at) == Otherwise.SKIP

    def keeps_draft(self, starts_at: datetime) -> bool:
        """Return whether that date stays a draft."""
        return self.at(starts_at) == Otherwise.DRAFT

    def into_room(self, details: Details) -> Details:
        """Return the details in the room chosen for their date; unchanged where none was."""
        number = self.at(details.starts_at).removeprefix(ROOM)
        venue = details.venue
        if venue is None or not (number.isascii() and number.isdigit() and len(number) < 10):
            return details
        room = queries.find_room(venue.site.id, int(number))
        if room is None:
            return details
        is_said_by_it = details.place == venue.name[:LONGEST_LINE]
        place = "" if is_said_by_it else details.place
        return replace(details, venue=Venue(venue.site, room), place=place)


AS_PLANNED = Choices({})


def name_of(starts_at: datetime) -> str:
    """Return the name under which a form carries the choice for a date."""
    return f"{AT}{clock.local(starts_at):%Y%m%d%H%M}"


class TakenDates:
    """Collects the dates whose room is taken while many are tried; `settle` tells of them."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._dates: list[TakenDate] = []

    @contextmanager
    def trying(self, event: Event, otherwise: Mapping[Otherwise, str]) -> Iterator[None]:
        """Note it when the room is taken, and go on with the next date.

        What the event has had is given back meanwhile: all is rolled back in the end, and it
        must not stand in the way of the others of its series.
        """
        try:
            yield
        except VenueTakenError as error:
            venues.leave(event)
            options = [
                *(
                    (f"{ROOM}{room.id}", f"改用{room.name}（{room.capacity} 人）")
                    for room in error.free
                ),
                *((choice.value, words) for choice, words in otherwise.items()),
            ]
            values = [value for value, _ in options]
            chosen = self._choices.at(event.starts_at)
            self._dates.append(
                TakenDate(
                    name=name_of(event.starts_at),
                    starts_at=event.starts_at,
                    ends_at=event.ends_at,
                    sentence=error.taken.message,
                    options=options,
                    chosen=chosen if chosen in values else next(iter(values), ""),
                )
            )

    def settle(self) -> None:
        """Raise DatesTakenError if a room was taken on any date."""
        if self._dates:
            raise DatesTakenError(sorted(self._dates, key=lambda one: one.starts_at))


class naming_the_day:  # noqa: N801  reads as a sentence: with naming_the_day(event)
    """Say of a refusal at which event of many it happened."""

    def __init__(self, event: Event, asked: Event | None = None) -> None:
        self.event, self.asked = event, asked

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if self.event is self.asked or not isinstance(error, InvalidInputError | ConflictError):
            return
        local = clock.local(self.event.starts_at)
        error.message = f"{local.month}月{local.day}日那一次：{error.message}"
