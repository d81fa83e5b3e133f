"""What an event of the demo is to be: when, where, for whom, and what becomes of it."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from portal import clock
from portal.demo import organisations as places
from portal.events.models import Audience, EventKind
from portal.signups.questions import Question
from portal.signups.rules import Rules

# The visiting chiefs of the demo by account name, who are asked to much together.
CHIEFS = ("visitor", "chief-2", "chief-3", "chief-4", "chief-5", "chief-6")


class Fate(StrEnum):
    """What becomes of an event when its time has come."""

    USUAL = "usual"
    DRAFT = "draft"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    # Over, the roll ticked, and the host has not confirmed it yet.
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class EventPlan:
    """One event of the demo. People are named by account name, guest key, or a code's roster."""

    title: str
    kind: EventKind
    host: str
    starts_at: datetime
    minutes: int
    place: str
    summary: str = ""
    agenda: str = ""
    lecturer: str = ""
    contact: str = ""
    note: str = ""
    audience: Audience = Audience.OPEN
    capacity: int | None = None
    # Codes of the organisations whose members are all expected.
    due: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    # Those who sign up first, in this order; then `crowd` others from below `pool`.
    signed_up: tuple[str, ...] = ()
    crowd: int = 0
    # Those who sign up after the crowd, and wait when it is full.
    too_late: tuple[str, ...] = ()
    pool: str = places.OFFICE
    # How many of the crowd withdraw again, so that those waiting move up.
    leavers: int = 0
    lead_days: int = 14
    closes_hours: int | None = 12
    # Sign-up opens only so many days before the start.
    opens_days: int | None = None
    fate: Fate = Fate.USUAL
    reason: str = ""
    # The lesson that it gives, by the key of `portal.demo.lessons`.
    lesson: str = ""
    # Somebody who was there turns up only after the confirmation.
    corrected: bool = False
    # The standard questionnaire that is asked afterwards, and for how many days.
    feedback: str = ""
    feedback_days: int = 7

    # How sign-up goes, and (code, most, kept) of the units that have a quota.
    rules: Rules = field(default_factory=Rules)
    units: tuple[tuple[str, int | None, int], ...] = ()
    # What is asked of those who sign up.
    questions: tuple[Question, ...] = ()
    # How many of those who asked first the host has let in.
    approved: int = 0

    @property
    def timed_agenda(self) -> str:
        """The agenda with `+40` at the head of a line as the time forty minutes after the start."""

        def told(minutes: re.Match[str]) -> str:
            return f"{clock.local(self.starts_at + timedelta(minutes=int(minutes[1]))):%H:%M}"

        return re.sub(r"^\+(\d+)", told, self.agenda, flags=re.MULTILINE)

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def published_at(self) -> datetime:
        """When it is posted: so many days before, at ten to ten."""
        day = clock.local(self.starts_at - timedelta(days=self.lead_days))
        return clock.from_local(day.replace(hour=9, minute=50, second=0, tzinfo=None))

    @property
    def signup_opens_at(self) -> datetime | None:
        """When sign-up opens, if not with the posting."""
        return self.starts_at - timedelta(days=self.opens_days) if self.opens_days else None

    @property
    def signup_closes_at(self) -> datetime | None:
        """The deadline, if it is not the start."""
        return self.starts_at - timedelta(hours=self.closes_hours) if self.closes_hours else None


class Calendar:
    """Days and hours of the demo, counted from the moment it is loaded."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)

    def on(self, days: int, hour: str) -> datetime:
        """Return the moment so many days from today at an hour such as 14:30."""
        hours, minutes = map(int, hour.split(":"))
        day = (self._midnight + timedelta(days=days)).replace(tzinfo=None)
        return clock.from_local(day + timedelta(hours=hours, minutes=minutes))

    def week(self, weeks: int, weekday: int, hour: str) -> datetime:
        """Return the moment on a weekday (0 = Monday), so many weeks from this week."""
        return self.on(weeks * 7 - self._midnight.weekday() + weekday, hour)

    def started_just_now(self) -> datetime:
        """Return half an hour ago, to the last five minutes."""
        moment = self.now - timedelta(minutes=30)
        return moment - timedelta(
            minutes=moment.minute % 5, seconds=moment.second, microseconds=moment.microsecond
        )

    def later_today(self) -> datetime:
        """Return half past six tonight, or an hour and a half from now when that is past."""
        tonight = self.on(0, "18:30")
        if tonight - self.now > timedelta(hours=1):
            return tonight
        moment = self.now + timedelta(minutes=90)
        return moment - timedelta(
            minutes=moment.minute % 10, seconds=moment.second, microseconds=moment.microsecond
        )
