"""What a series or a template keeps of an event, and the event that comes of it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.events.agenda import AgendaRow
from portal.events.details import Details
from portal.events.models import Audience, EventKind

TEXTS = ("place", "lecturer", "contact", "summary", "agenda", "note")
PLACEHOLDERS = "{年}、{月}、{日}、{次}"
_MARKS = re.compile(r"第\{次\}[次期讲]?|\{[年月日次]\}[年月日次期讲]?")


@dataclass(frozen=True)
class Pattern:
    """All of an event but its day; moments are told in minutes.

    `starts` is counted from midnight, `closes_before` from the close of sign-up to the start.
    `venue` is the key of site and room, `due` are the ids of organisations.
    """

    title: str
    kind: EventKind
    audience: Audience
    capacity: int | None
    starts: int
    weekday: int
    minutes: int
    closes_before: int | None
    due: tuple[int, ...]
    venue: str
    texts: Mapping[str, str]
    agenda: Sequence[AgendaRow]

    def moments(self, day: datetime) -> dict[str, Any]:
        """Return the moments of an event on the day of this local moment."""
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        starts_at = clock.from_local(midnight + timedelta(minutes=self.starts))
        closes = self.closes_before
        return {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=self.minutes),
            "signup_closes_at": None if closes is None else starts_at - timedelta(minutes=closes),
        }

    def next_day(self, moment: datetime) -> datetime:
        """Return the next day of the same weekday after that moment, on China's clock."""
        local = clock.local(moment)
        return local + timedelta(days=(self.weekday - local.weekday() - 1) % 7 + 1)


def of(details: Details, rows: Sequence[AgendaRow], *, title: str = "") -> Pattern:
    """Return what is kept of an event; `title` may hold placeholders."""
    local = clock.local(details.starts_at)
    closes = details.signup_closes_at
    return Pattern(
        title=title or details.title,
        kind=details.kind,
        audience=details.audience,
        capacity=details.capacity,
        starts=local.hour * 60 + local.minute,
        weekday=local.weekday(),
        minutes=_minutes(details.ends_at - details.starts_at),
        closes_before=None if closes is None else _minutes(details.starts_at - closes),
        due=tuple(organisation.id for organisation in details.due),
        venue=details.venue.key if details.venue else "",
        texts={name: getattr(details, name) for name in TEXTS},
        agenda=tuple(rows),
    )


def kept(pattern: Pattern) -> dict[str, Any]:
    """Return the pattern as the database keeps it."""
    return {
        **vars(pattern),
        "kind": pattern.kind.value,
        "audience": pattern.audience.value,
        "due": list(pattern.due),
        "texts": dict(pattern.texts),
        "agenda": [list(row) for row in pattern.agenda],
    }


def read(found: Mapping[str, Any]) -> Pattern:
    """Return the pattern that the database has kept."""
    return Pattern(
        **{
            **found,
            "kind": EventKind(found["kind"]),
            "audience": Audience(found["audience"]),
            "due": tuple(found["due"]),
            "agenda": tuple(AgendaRow(*row) for row in found["agenda"]),
        }
    )


def title_on(title: str, starts_at: datetime, number: int = 1) -> str:
    """Return a title with the year, month, day and number of the event in it."""
    local = clock.local(starts_at)
    parts = {"{年}": local.year, "{月}": local.month, "{日}": local.day, "{次}": number}
    for mark, value in parts.items():
        title = title.replace(mark, str(value))
    return title


def plain_title(title: str) -> str:
    """Return a title without its placeholders, to name all of a series by."""
    return _MARKS.sub("", title).strip() or title


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
