"""What a home shows, made of what the queries answered. Pure: nothing here asks the database."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal import clock
from portal.attendance.models import LEAVE, MISSING, PRESENT
from portal.attendance.rules import Balance
from portal.events.models import Audience, Event, EventPhase, EventState
from portal.home.queries import Appointment, Attended
from portal.signups.queries import Counts

DAYS_OF_THE_STRIP = 7
# From so long before the start one is offered to sign in, or to call the roll.
DOOR_OPENS = timedelta(minutes=60)
# An event counts as nearly full from this share of its places on.
NEARLY_FULL = 0.9
_NO_COUNTS = Counts()


@dataclass
class Day:
    """A day of the strip: my own events, and those open to me."""

    day: date
    is_today: bool
    mine: list[Appointment] = field(default_factory=list)
    open: list[Event] = field(default_factory=list)


def strip(
    today: date, appointments: Iterable[Appointment], open_events: Iterable[Event] = ()
) -> list[Day]:
    """Return the seven days from today on, with what falls on each."""
    days = {
        today + timedelta(days=number): Day(today + timedelta(days=number), is_today=number == 0)
        for number in range(DAYS_OF_THE_STRIP)
    }
    for appointment in appointments:
        day = max(clock.local(appointment.event.starts_at).date(), today)
        if day in days and not (appointment.is_unanswered or appointment.is_off):
            days[day].mine.append(appointment)
    for event in open_events:
        day = clock.local(event.starts_at).date()
        if day in days:
            days[day].open.append(event)
    return list(days.values())


def next_up(appointments: Sequence[Appointment]) -> Appointment | None:
    """Return the first event at which the reader is expected and that takes place."""
    return next((one for one in appointments if one.is_settled and not one.is_off), None)


def is_at_the_door(event: Event, moment: datetime) -> bool:
    """Return whether people come in now: from an hour before the start until the end."""
    return (
        event.state is EventState.PUBLISHED
        and event.starts_at - DOOR_OPENS <= moment < event.ends_at
    )


# ------------------------------------------------------------------ hosts


class Task(StrEnum):
    """What a host has to do about an event."""

    CALL_ROLL = "call_roll"
    CONFIRM_ROLL = "confirm_roll"
    PUBLISH = "publish"
    SET_DATE = "set_date"
    APPROVAL = "approval"
    WAITING_LIST = "waiting_list"
    NEARLY_FULL = "nearly_full"

    @property
    def label(self) -> str:
        """What is the matter, in a few words."""
        return {
            "call_roll": "正在签到",
            "confirm_roll": "名册待确认",
            "publish": "草稿待发布",
            "set_date": "延期，待定新时间",
            "approval": "报名待审核",
            "waiting_list": "有人候补",
            "nearly_full": "名额将满",
        }[self.value]


@dataclass(frozen=True)
class ToDo:
    """One thing that waits for a host: about which event, since or until when, and the facts."""

    task: Task
    event: Event
    at: datetime
    facts: str


@dataclass(frozen=True)
class Slot:
    """A row of the host's timeline."""

    event: Event
    phase: EventPhase
    is_now: bool
    facts: str


def seats_words(event: Event, counts: Counts) -> str:
    """Return 报名 18/40，候补 3，待确认 1，待审核 2."""
    limit = f"/{event.capacity}" if event.capacity is not None else ""
    others = (("候补", counts.waitlisted), ("待确认", counts.offered), ("待审核", counts.pending))
    besides = "".join(f"，{word} {number}" for word, number in others if number)
    return f"报名 {counts.confirmed}{limit}{besides}"


def roll_words(numbers: Balance) -> str:
    """Return 应到 40，实到 33，2 人未登记."""
    open_words = f"，{numbers.expected} 人未登记" if numbers.expected else ""
    return f"应到 {numbers.due}，实到 {numbers.present}{open_words}"


def timeline(
    events: Sequence[Event],
    counts: Mapping[int, Counts],
    numbers: Mapping[int, Balance],
    moment: datetime,
) -> list[Slot]:
    """Return the host's next events with the state of each."""
    return [
        Slot(
            event,
            event.phase(moment),
            is_now=is_at_the_door(event, moment),
            facts=_facts(event, counts, numbers, moment),
        )
        for event in events
    ]


def to_dos(
    open_ends: Sequence[Event],
    coming: Sequence[Event],
    counts: Mapping[int, Counts],
    numbers: Mapping[int, Balance],
    moment: datetime,
) -> list[ToDo]:
    """Return what waits for a host, in order of date."""
    found = [_open_end(event, numbers, moment) for event in open_ends]
    found += [
        task
        for event in coming
        if (task := _seats(event, counts.get(event.id, _NO_COUNTS), moment))
    ]
    return sorted(found, key=lambda task: (task.at, task.event.id))


def _open_end(event: Event, numbers: Mapping[int, Balance], moment: datetime) -> ToDo:
    if event.state is EventState.DRAFT:
        is_late = event.starts_at <= moment
        facts = "原定时间已过，请修改时间后再发布" if is_late else ""
        return ToDo(Task.PUBLISH, event, event.starts_at, facts)
    if event.state is EventState.POSTPONED:
        return ToDo(Task.SET_DATE, event, event.starts_at, event.state_reason)
    known = numbers.get(event.id)
    facts = roll_words(known) if known is not None else "还没有登记到场情况"
    return ToDo(Task.CONFIRM_ROLL, event, event.ends_at, facts)


def _seats(event: Event, counts: Counts, moment: datetime) -> ToDo | None:
    if event.state is not EventState.PUBLISHED or event.starts_at <= moment:
        return None
    if counts.pending:
        return ToDo(Task.APPROVAL, event, event.starts_at, seats_words(event, counts))
    if counts.waitlisted:
        return ToDo(Task.WAITING_LIST, event, event.starts_at, seats_words(event, counts))
    if event.capacity is not None and counts.taken >= event.capacity * NEARLY_FULL:
        return ToDo(Task.NEARLY_FULL, event, event.starts_at, seats_words(event, counts))
    return None


def _facts(
    event: Event,
    counts: Mapping[int, Counts],
    numbers: Mapping[int, Balance],
    moment: datetime,
) -> str:
    known = numbers.get(event.id)
    if known is not None and known.due and event.starts_at <= moment:
        return roll_words(known)
    seats = counts.get(event.id, _NO_COUNTS)
    if event.audience is Audience.OPEN or seats.confirmed or seats.waitlisted:
        return seats_words(event, seats)
    return event.audience.label


def by_day(slots: Sequence[Slot]) -> list[tuple[date, list[Slot]]]:
    """Return the rows of the timeline under their days; what began earlier runs today."""
    days: dict[date, list[Slot]] = {}
    today = clock.today()
    for slot in slots:
        day = max(clock.local(slot.event.starts_at).date(), today)
        days.setdefault(day, []).append(slot)
    return list(days.items())


# ------------------------------------------------------------------ my own record


@dataclass(frozen=True)
class OwnNumbers:
    """A year of my attendance: due = present + leave + absent; visits as a guest beside it."""

    present: int
    leave: int
    absent: int
    as_guest: int

    @property
    def due(self) -> int:
        """At how many I was expected."""
        return self.present + self.leave + self.absent


def own_numbers(rows: Sequence[Attended]) -> OwnNumbers:
    """Return the numbers of these rows."""
    kinds = Counter(
        next((name for name, statuses in _KINDS.items() if row.status in statuses), "as_guest")
        for row in rows
    )
    return OwnNumbers(*(kinds[name] for name in ("present", "leave", "absent", "as_guest")))


_KINDS = {"present": PRESENT, "leave": LEAVE, "absent": MISSING}
