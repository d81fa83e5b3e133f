"""What the engine is told, and what it answers: facts about one person, and credits. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from portal import clock
from portal.hours.kinds import Source, Unit

# Who left early, nobody wrote down when.
UNKNOWN_SHARE = Fraction(1, 2)


@dataclass(frozen=True)
class Gathered:
    """An event as the engine needs it; moments are aware."""

    event_id: int
    title: str
    source: Source
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """How long it lasted."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    @property
    def day(self) -> date:
        """The day on which it began."""
        return clock.local(self.starts_at).date()


@dataclass(frozen=True)
class Attended:
    """Somebody was there, by the roll; times only where a door or a host has told them."""

    event: Gathered
    path: str
    is_confirmed: bool
    came_at: datetime | None = None
    left_at: datetime | None = None
    left_early: bool = False
    was_late: bool = False
    is_lecturer: bool = False

    @property
    def share(self) -> Fraction:
        """Return the part of the event during which the person was there."""
        event = self.event
        came = max(self.came_at or event.starts_at, event.starts_at)
        left = min(self.left_at or event.ends_at, event.ends_at)
        whole = event.ends_at - event.starts_at
        stayed = max(left - came, timedelta(0))
        part = Fraction(int(stayed.total_seconds()), int(whole.total_seconds()))
        if self.left_early and self.left_at is None:
            part *= UNKNOWN_SHARE
        return part


@dataclass(frozen=True)
class MadeUp:
    """A lesson made up, with the halves that were written down."""

    make_up_id: int
    event: Gathered
    source: Source
    path: str
    made_on: date
    halves: int
    # Another giving of it: where the person is on that roll, that roll gives the hours.
    is_other_session: bool = False


@dataclass(frozen=True)
class Trained:
    """Training that was no event of the portal; `quantity` in halves of its unit."""

    training_id: int
    title: str
    source: Source
    path: str
    starts_on: date
    ends_on: date
    unit: Unit
    quantity: int
    is_confirmed: bool


Fact = Attended | MadeUp | Trained


@dataclass(frozen=True)
class Credit:
    """Hours of one person for one thing in one year, and how they came about."""

    year: int
    day: date
    title: str
    source: Source
    halves: int
    is_confirmed: bool
    rule_id: int | None
    # "150 分钟，每小时 1 学时" and what was cut, for whoever asks why.
    words: str
    event_id: int | None = None
    make_up_id: int | None = None
    training_id: int | None = None
    cap_year: int | None = None

    @property
    def key(self) -> tuple[int, int, int]:
        """What it is for: one event, or one training, in one year."""
        return (self.event_id or 0, self.training_id or 0, self.year)
