"""Giving a lesson: an event that is written by what the lesson says."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from portal import clock
from portal.errors import ConflictError
from portal.events import agenda_rows, services
from portal.events.agenda import LONGEST_SPEAKER, LONGEST_TITLE, MOST_ROWS, AgendaRow
from portal.events.details import LONGEST_LINE, LONGEST_NAME, Details
from portal.events.models import Event, EventKind, Venue
from portal.lessons import queries as lessons
from portal.lessons.models import Lesson, LessonState, LessonVersion
from portal.people.models import Organisation, Person
from portal.sites.models import RouteStop
from portal.sites.uses.queries import sites_to_use

# A week is the shortest time in which people can be called together.
AHEAD = timedelta(days=7)
MORNING = time(9)
# How long a lesson takes that does not say.
USUAL = timedelta(hours=2)


def give(*, lesson: Lesson, host: Organisation, actor: Person) -> Event:
    """Make a draft of the lesson's next giving, with everything filled in but the date.

    It begins in a week at nine; the host moves it. Raise ConflictError for a lesson that is
    not published now.
    """
    if lesson.state is not LessonState.PUBLISHED:
        raise ConflictError("这堂课现在没有发布，不能安排。")
    shown = lessons.shown(lesson)
    stops = lessons.stops(shown)
    day = clock.local(clock.now() + AHEAD).date()
    starts_at = clock.from_local(datetime.combine(day, MORNING))
    ends_at = starts_at + (timedelta(minutes=shown.minutes) if shown.minutes else USUAL)
    details = Details(
        title=shown.title,
        kind=EventKind.LESSON,
        starts_at=starts_at,
        ends_at=ends_at,
        host=host,
        place=stops[0].site.name[:LONGEST_LINE] if stops else "",
        venue=_venue(stops),
        lecturer=shown.lecturer_words[:LONGEST_NAME],
        summary=shown.takeaway,
    )
    event = services.create(details=details, actor=actor, lesson=lesson)
    agenda_rows.replace([event.id], agenda_of(shown, stops))
    services.index(event)
    return event


def _venue(stops: Sequence[RouteStop]) -> Venue | None:
    """Return the site where it begins, if people may come to it now."""
    receiving = {site.id: site for site in sites_to_use()} if stops else {}
    site = receiving.get(stops[0].site_id) if stops else None
    return Venue(site) if site else None


def agenda_of(version: LessonVersion, stops: Sequence[RouteStop]) -> list[AgendaRow]:
    """Return the lesson as rows of an agenda: each stop with its minutes, then the questions."""
    rows: list[AgendaRow] = []
    for at, stop in enumerate(stops, 1):
        rows.append(AgendaRow(stop.site.name[:LONGEST_TITLE], minutes=stop.minutes))
        if stop.walk_minutes and at < len(stops):
            rows.append(AgendaRow("步行到下一站", minutes=stop.walk_minutes))
    if not stops:
        title = f"{version.form.label}：{version.title}"[:LONGEST_TITLE]
        rows.append(AgendaRow(title, version.lecturer_name[:LONGEST_SPEAKER]))
    rows += [AgendaRow(f"研讨：{one}"[:LONGEST_TITLE]) for one in version.question_list]
    return rows[:MOST_ROWS]
