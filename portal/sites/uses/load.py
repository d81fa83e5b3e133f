"""How much a site bears in a week, told before anybody asks or says yes (crowding guard). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock
from portal.sites.uses.models import RoomUse, UseKind, VisitRules


@dataclass(frozen=True)
class Load:
    """One week of a site, visits by their slots: those received together count as one."""

    monday: date
    visits: int
    people: int
    lessons: int
    others: int
    cap: int
    rest_days: frozenset[int]

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def is_full(self) -> bool:
        """Whether the soft cap of visits is reached."""
        return self.visits >= self.cap


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def load_of(day: date, uses: Iterable[RoomUse], rules: VisitRules) -> Load:
    """Return the load of the week around a day; uses count in the week in which they begin."""
    monday = monday_of(day)
    own = [use for use in uses if monday_of(clock.local(use.starts_at).date()) == monday]
    kinds = [use.kind for use in own]
    visits = [use.slots for use in own if use.kind is UseKind.VISIT]
    return Load(
        monday=monday,
        visits=sum(visits),
        people=sum(use.people or 0 for use in own),
        lessons=kinds.count(UseKind.LESSON),
        others=len(own) - len(visits) - kinds.count(UseKind.LESSON),
        cap=rules.weekly_visits,
        rest_days=rules.rest_days,
    )
