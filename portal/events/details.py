"""What is written about an event, and the rules that it must keep. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Audience, Event, EventKind, Venue
from portal.people.models import Organisation

LONGEST_TITLE = 120
LONGEST_LINE = 120
LONGEST_NAME = 60
LONGEST_REASON = 200
LONGEST_TEXT = 5_000
MOST_PLACES = 100_000
# Longer than any training class; calendars look back no further for what still runs.
LONGEST_EVENT = timedelta(days=31)
FIRST_YEAR, LAST_YEAR = 2000, 2099

TEXTS = {
    "title": ("标题", LONGEST_TITLE),
    "place": ("地点", LONGEST_LINE),
    "lecturer": ("主讲人", LONGEST_NAME),
    "contact": ("联系人", LONGEST_LINE),
    "summary": ("简介", LONGEST_TEXT),
    "agenda": ("议程", LONGEST_TEXT),
    "note": ("提示", LONGEST_TEXT),
}

# The columns of an event that are written as they are.
COLUMNS = (
    *("title", "kind", "starts_at", "ends_at", "place", "venue", "audience", "capacity"),
    *("signup_opens_at", "signup_closes_at"),
    *("lecturer", "contact", "summary", "agenda", "note"),
)
# What each is called on pages.
LABELS = {
    **{name: label for name, (label, _) in TEXTS.items()},
    "kind": "类型",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "venue": "示范点和场地",
    "host": "主办组织",
    "audience": "面向谁",
    "due": "应到的组织",
    "capacity": "人数上限",
    "signup_opens_at": "报名开始",
    "signup_closes_at": "报名截止",
}


@dataclass(frozen=True, kw_only=True)
class Details:
    """All that a host writes about an event; `due` are the organisations that are expected.

    Audience `due` without any organisation expects everybody of the host.
    """

    title: str
    kind: EventKind
    starts_at: datetime
    ends_at: datetime
    host: Organisation
    place: str = ""
    venue: Venue | None = None
    audience: Audience = Audience.OPEN
    due: tuple[Organisation, ...] = field(default=())
    capacity: int | None = None
    signup_opens_at: datetime | None = None
    signup_closes_at: datetime | None = None
    lecturer: str = ""
    contact: str = ""
    summary: str = ""
    agenda: str = ""
    note: str = ""

    def expected(self) -> tuple[Organisation, ...]:
        """Return the organisations whose people are due: those named, else the host."""
        if self.audience is not Audience.DUE:
            return ()
        return self.due or (self.host,)


def of(event: Event) -> Details:
    """Return what is written about an event whose host and due organisations are loaded."""
    return Details(
        title=event.title,
        kind=event.kind,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        host=event.host,
        place=event.place,
        venue=event.venue,
        audience=event.audience,
        due=tuple(row.organisation for row in event.due_organisations),
        capacity=event.capacity,
        signup_opens_at=event.signup_opens_at,
        signup_closes_at=event.signup_closes_at,
        lecturer=event.lecturer,
        contact=event.contact,
        summary=event.summary,
        agenda=event.agenda,
        note=event.note,
    )


def differences(before: Details, now: Details) -> set[str]:
    """Return the names of what is written differently.

    Moments are told to the minute; `due` is a set without order.
    """
    changed = {
        name
        for name in (*COLUMNS, "host")
        if _to_minute(getattr(before, name)) != _to_minute(getattr(now, name))
    }
    if set(before.expected()) != set(now.expected()):
        changed.add("due")
    return changed


def with_place(details: Details) -> Details:
    """Say the place by the site and room where nothing else was written."""
    if details.place or details.venue is None:
        return details
    return replace(details, place=details.venue.name[:LONGEST_LINE])


def with_deadline_along(before: Details, now: Details) -> Details:
    """Move a sign-up deadline that was left alone as far as the start was moved.

    So whoever copies an event and changes its date need not think of the deadline.
    """
    deadline = now.signup_closes_at
    if deadline is None or _to_minute(deadline) != _to_minute(before.signup_closes_at):
        return now
    return replace(now, signup_closes_at=deadline + (now.starts_at - before.starts_at))


def _to_minute(value: object) -> object:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


def words(details: Details) -> dict[str, str]:
    """Return each value as a reader would be told it, by its name."""
    told = {name: getattr(details, name) for name in TEXTS}
    moments = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at")
    return {
        **told,
        **{name: _moment(getattr(details, name)) for name in moments},
        "kind": details.kind.label,
        "venue": details.venue.name if details.venue else "",
        "host": details.host.name,
        "audience": details.audience.label,
        "due": "、".join(sorted(organisation.name for organisation in details.expected())),
        "capacity": "" if details.capacity is None else f"{details.capacity} 人",
    }


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = clock.local(moment)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def check(details: Details, *, at_most: timedelta = LONGEST_EVENT) -> None:
    """Raise InvalidInputError, naming the field, for the first rule that is broken."""
    if not any(mark.isprintable() and not mark.isspace() for mark in details.title):
        raise InvalidInputError("请填写标题。", field="title")
    for name, (label, longest) in TEXTS.items():
        length = len(getattr(details, name))
        if length > longest:
            raise InvalidInputError(f"{label}最多 {longest} 个字，现在有 {length} 个。", field=name)
    check_times(details.starts_at, details.ends_at, at_most=at_most)
    _check_signup_window(details)
    if details.capacity is not None and not 0 < details.capacity <= MOST_PLACES:
        raise InvalidInputError(
            f"人数上限要在 1 到 {MOST_PLACES} 之间；不限人数就不填。", field="capacity"
        )


def check_times(
    starts_at: datetime, ends_at: datetime, *, at_most: timedelta = LONGEST_EVENT
) -> None:
    """Raise InvalidInputError unless the event ends after it starts, within 31 days."""
    if not FIRST_YEAR <= clock.local(starts_at).year <= LAST_YEAR:
        raise InvalidInputError("开始时间的年份不对，请核对。", field="starts_at")
    if ends_at <= starts_at:
        raise InvalidInputError("结束时间要晚于开始时间。", field="ends_at")
    if ends_at - starts_at > at_most:
        raise InvalidInputError(
            f"一次活动最长 {at_most.days} 天；更长的请分成几次发布。", field="ends_at"
        )


def _check_signup_window(details: Details) -> None:
    opens, closes = details.signup_opens_at, details.signup_closes_at
    if closes is not None and closes > details.ends_at:
        raise InvalidInputError("报名截止不能晚于活动结束。", field="signup_closes_at")
    if closes is not None and clock.local(closes).year < FIRST_YEAR:
        raise InvalidInputError("报名截止的年份不对，请核对。", field="signup_closes_at")
    if opens is not None and opens >= (closes or details.starts_at):
        raise InvalidInputError("报名开始要早于报名截止和活动开始。", field="signup_opens_at")
