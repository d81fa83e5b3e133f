"""Events as an iCalendar file (RFC 5545), in China's time."""

from collections.abc import Callable, Iterable

from icalendar import Calendar
from icalendar import Event as Entry

from portal import clock
from portal.events.models import Event, EventState

PRODUCT = "-//portal//events//ZH"


def calendar_file(events: Iterable[Event], address: Callable[[Event], str]) -> bytes:
    """Return the file of these events, whose hosts are loaded; `address` names an event's page.

    The UID of an event never changes and SEQUENCE grows with each change, so a calendar that
    has the event already moves it, or strikes it out when it is called off.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(_entry(event, address(event)))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _entry(event: Event, address: str) -> Entry:
    entry = Entry()
    entry.add("uid", f"{event.created_at:%Y%m%dT%H%M%SZ}-{event.id}@events.portal")
    entry.add("sequence", event.version)
    entry.add("dtstamp", event.updated_at)
    entry.add("last-modified", event.updated_at)
    entry.add("dtstart", clock.local(event.starts_at))
    entry.add("dtend", clock.local(event.ends_at))
    entry.add("summary", _summary(event))
    entry.add("status", _status(event))
    entry.add("categories", [event.kind.label])
    entry.add("url", address)
    if event.place:
        entry.add("location", event.place)
    entry.add("description", "\n".join(_lines(event, address)))
    return entry


def _summary(event: Event) -> str:
    match event.state:
        case EventState.CANCELLED:
            return f"（已取消）{event.title}"
        case EventState.POSTPONED:
            return f"（延期待定）{event.title}"
        case _:
            return event.title


def _status(event: Event) -> str:
    match event.state:
        case EventState.CANCELLED:
            return "CANCELLED"
        case EventState.POSTPONED | EventState.DRAFT:
            return "TENTATIVE"
        case _:
            return "CONFIRMED"


def _lines(event: Event, address: str) -> Iterable[str]:
    yield f"主办：{event.host.name}"
    if event.lecturer:
        yield f"主讲：{event.lecturer}"
    if event.contact:
        yield f"联系：{event.contact}"
    if event.state_reason:
        yield f"说明：{event.state_reason}"
    if event.summary:
        yield event.summary
    if event.note:
        yield event.note
    yield address
