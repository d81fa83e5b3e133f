"""One person's hours of a year: one's own, or a member's for the secretary."""

from werkzeug.wrappers import Response

from portal import clock
from portal.hours import policies, queries
from portal.hours.kinds import TrainingState
from portal.hours.views.blueprint import asked_year, bp, seen_person
from portal.people.access import allowed, current_reader, signed_in
from portal.people.models import Person
from portal.web.templating import render

_OPEN = frozenset({TrainingState.WAITING, TrainingState.REFUSED})


@bp.get("/hours/")
@allowed(policies.has_hours)
def index() -> Response:
    """My hours: how far they are, where they come from, what has changed."""
    return _page(queries.whole_person(current_reader().id), "hours/index.html")


@bp.get("/hours/ring")
@allowed(policies.has_hours)
def ring() -> Response:
    """How far this year's hours are, for the home: fetched once the home is there."""
    person = queries.whole_person(current_reader().id)
    year = clock.today().year
    entries = queries.entries_of(person).get(year, [])
    return render(
        "hours/ring.html",
        block="ring",
        year=year,
        standing=queries.standing_of(person, entries, year, queries.thresholds()),
    )


@bp.get("/hours/people/<int:person_id>")
@signed_in
def person(person_id: int) -> Response:
    """A member's hours, for the secretaries of the branch."""
    return _page(seen_person(person_id), "hours/person.html")


def _page(person: Person, template: str) -> Response:
    year = asked_year()
    by_year = queries.entries_of(person)
    entries = by_year.get(year, [])
    trainings = queries.trainings_of(person, year)
    relations = person.present_memberships(clock.today())
    return render(
        template,
        person=person,
        year=year,
        years=sorted({*by_year, year, clock.today().year}, reverse=True),
        standing=queries.standing_of(person, entries, year, queries.thresholds()),
        entries=entries,
        changes=queries.changes_of(person, year),
        trainings=[one for one in trainings if one.state in _OPEN],
        certificate=queries.latest_certificate(person, year),
        is_own=person.id == current_reader().id,
        may_enter=policies.may_enter_for(current_reader(), relations, person),
        may_list=policies.may_list_somewhere(current_reader()),
    )
