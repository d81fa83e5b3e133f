"""What an event gives to whoever is there from beginning to end, and by which rule. Pure."""

from dataclasses import dataclass
from functools import lru_cache

from portal.events.models import Event
from portal.hours.engine import Conversion, Conversions, Gathered, whole_event
from portal.hours.kinds import Source, hours_words


@dataclass(frozen=True)
class Offer:
    """The halves of the whole event, the rule, and how the one follows from the other."""

    halves: int
    rule: Conversion
    words: str

    @property
    def hours(self) -> str:
        """The hours as written."""
        return hours_words(self.halves)


def offer_of(event: Event, rules: Conversions) -> Offer:
    """Return what the event gives by the rule that holds where its host is; host loaded."""
    gathered = Gathered(
        event.id, event.title, Source(event.kind.value), event.starts_at, event.ends_at
    )
    return _offer(gathered, rules.of(gathered.source, event.host.path, gathered.day))


@lru_cache(maxsize=2_000)
def _offer(gathered: Gathered, rule: Conversion) -> Offer:
    if not rule.counts:
        return Offer(0, rule, "这类活动不计学时")
    whole, words = whole_event(gathered, rule)
    halves = sum(whole.values())
    return Offer(halves if rule.cap_event is None else min(halves, rule.cap_event), rule, words)
