"""The reader's own home: what is on, what waits; one page for each kind of reader."""

from datetime import datetime, time, timedelta
from typing import Any

from werkzeug.wrappers import Response

from portal import clock
from portal.attendance import queries as attendance
from portal.bookings import queries as bookings
from portal.bookings.policies import may_decide_somewhere
from portal.bookings.queries import MOST_WAITING
from portal.events.calendars import month_sheet
from portal.events.filters import Filters, month_of
from portal.events.list_queries import events_within
from portal.feedback import queries as feedback
from portal.home import outlook, queries
from portal.home.views.blueprint import bp
from portal.lessons import queries as lessons
from portal.people import policies
from portal.people.access import current_reader, signed_in
from portal.people.readers import Somebody, Somewhere
from portal.signups import queries as signups
from portal.sites.policies import may_watch_reviews
from portal.web.templating import render

_OPEN_TO_ME = 6
_HOSTED_NEXT = 40
_ON_THE_TIMELINE = 8
_OPEN_ENDS = 20
_WAITING_ACCOUNTS = 10
_LESSONS_WAITING = 10
_SOON = timedelta(days=30)
# More questions than these would be a burden.
_TO_SAY_SOMETHING_ABOUT = 2


@bp.get("/")
@signed_in
def index() -> Response:
    """What is on for me, what waits for me."""
    reader = current_reader()
    if policies.is_administrator(reader):
        return render("home/administrator.html", **_for_administrator(reader))
    roots = policies.scope(reader, policies.HOSTS)
    if roots:
        return render("home/host.html", **_for_host(reader, roots))
    return render("home/participant.html", **_for_participant(reader))


def _greeting() -> str:
    hour = clock.local(clock.now()).hour
    if 5 <= hour < 11:
        return "早上好"
    if 11 <= hour < 13:
        return "中午好"
    return "下午好" if 13 <= hour < 18 else "晚上好"


def _own(reader: Somebody) -> dict[str, Any]:
    """Return what every reader with business sees of themself."""
    mine = queries.appointments(reader)
    following = outlook.next_up(mine)
    return {
        "greeting": _greeting(),
        "watches_reviews": may_watch_reviews(reader),
        "following": following,
        "mine": mine,
        "invitations": [one for one in mine if one.is_unanswered and not one.is_off],
        "waiting": [one for one in mine if one.is_waiting and not one.is_off],
        "called_off": [one for one in mine if one.is_off],
        "feedback_on": feedback.waiting_for(reader, limit=_TO_SAY_SOMETHING_ABOUT),
        "at_the_door": following is not None
        and outlook.is_at_the_door(following.event, clock.now()),
    }


def _for_participant(reader: Somebody) -> dict[str, Any]:
    own = _own(reader)
    open_events = queries.open_for(reader, limit=_OPEN_TO_ME)
    return {
        **own,
        "visits": bookings.to_answer(reader, limit=MOST_WAITING),
        "days": outlook.strip(clock.today(), own["mine"], open_events),
        "open_events": open_events,
        "counts": signups.counts([event.id for event in open_events]),
    }


def _for_host(reader: Somebody, roots: list[Somewhere]) -> dict[str, Any]:
    now = clock.now()
    this_morning = clock.from_local(datetime.combine(clock.today(), time.min))
    hosted = queries.hosted(roots, since=this_morning, coming=_HOSTED_NEXT, ends=_OPEN_ENDS + 1)
    coming, open_ends = hosted.coming, hosted.open_ends
    counts = signups.counts([event.id for event in coming])
    begun = {event.id for event in (*coming, *open_ends) if event.starts_at <= now}
    numbers = attendance.numbers_of(sorted(begun))
    month = month_of(clock.today())
    slots = outlook.timeline(coming[:_ON_THE_TIMELINE], counts, numbers, now)
    return {
        **_own(reader),
        "answers_visits": may_decide_somewhere(reader),
        "timeline": outlook.by_day(slots),
        "to_dos": outlook.to_dos(open_ends[:_OPEN_ENDS], coming, counts, numbers, now),
        "has_more": len(open_ends) > _OPEN_ENDS,
        "lessons": lessons.waiting_for(reader, limit=_LESSONS_WAITING),
        "month": month,
        "sheet": month_sheet(month, events_within(reader, month, Filters())),
    }


def _for_administrator(reader: Somebody) -> dict[str, Any]:
    """Return what waits for the administrator, each of the three only the own part."""
    shown: dict[str, Any] = {"greeting": _greeting(), "accounts": None, "grants": None}
    shown["chain"] = queries.chain() if policies.may_read_audit(reader) else None
    if policies.may_manage_accounts(reader):
        shown["accounts"] = {
            "waiting": queries.accounts_waiting(limit=_WAITING_ACCOUNTS),
            "locked": queries.accounts_locked(limit=_WAITING_ACCOUNTS),
            "expiring": queries.accounts_expiring(within=_SOON, limit=_WAITING_ACCOUNTS),
        }
    if policies.may_grant_roles(reader):
        shown["grants"] = {
            "waiting": queries.accounts_waiting(limit=_WAITING_ACCOUNTS),
            "ending": queries.grants_ending(within=_SOON, limit=_WAITING_ACCOUNTS),
        }
    return shown
