"""How time becomes hours: the rules, and which of them holds. Pure.

All figures are halves of an hour of study.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.hours.kinds import Source, Unit

# From so many minutes on a gathering fills half a day, or a day. [K] No source says it.
HALF_DAY, DAY = 180, 360


@dataclass(frozen=True)
class Conversion:
    """How time of one source becomes hours, from a day on, for an organisation and all below it.

    All figures are halves of an hour of study. `path` "" holds everywhere; `id` None is a rule
    that the portal ships. `fixed` overrides the time; nothing at all in it counts for nothing.
    """

    id: int | None
    source: Source
    path: str
    valid_from: date
    per_hour: int = 2
    per_half_day: int = 8
    per_day: int = 16
    fixed: int = 0
    cap_event: int | None = None
    cap_year: int | None = None
    needs_full_stay: bool = False
    lecturer_times: int = 1
    citation: str = ""

    @property
    def counts(self) -> bool:
        """Whether the source gives hours at all."""
        return bool(self.per_hour or self.per_half_day or self.per_day or self.fixed)

    def per(self, unit: Unit) -> int:
        """Return the halves that one day, half day or hour gives."""
        return {
            Unit.DAY: self.per_day,
            Unit.HALF_DAY: self.per_half_day,
            Unit.HOUR: self.per_hour,
        }[unit]

    def of_minutes(self, minutes: int) -> int:
        """Return the halves of so many minutes of one day: more minutes never give less."""
        halves = minutes * self.per_hour // 60
        if minutes >= HALF_DAY:
            halves = max(halves, self.per_half_day)
        if minutes >= DAY:
            halves = max(halves, self.per_day)
        return min(halves, self.per_day) if self.per_day else halves


class Conversions:
    """All rules; of those that reach a place the nearest above it wins, then the latest."""

    def __init__(self, rules: Iterable[Conversion]) -> None:
        self._by_source: dict[Source, list[Conversion]] = {}
        for rule in rules:
            self._by_source.setdefault(rule.source, []).append(rule)

    def of(self, source: Source, path: str, day: date) -> Conversion:
        """Return the rule for a source, where the person belongs, on a day."""
        found = [
            rule
            for rule in self._by_source.get(source, ())
            if path.startswith(rule.path) and rule.valid_from <= day
        ]
        if not found:
            return Conversion(None, source, "", day, 0, 0, 0, citation="没有这类活动的折算规则")
        return max(found, key=lambda rule: (len(rule.path), rule.valid_from, rule.id or 0))
