"""Signing up others: an elder, a whole branch."""

from collections.abc import Sequence

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.paging import page_of
from portal.people.access import allowed, current_person, current_reader
from portal.people.models import Person
from portal.people.policies import HOSTS, scope
from portal.people.readers import Somebody
from portal.signups import policies, queries
from portal.signups.forms import MOST_AT_ONCE, AddForm
from portal.signups.services import Outcome
from portal.signups.views.asking_others import sign_up_or_ask
from portal.signups.views.blueprint import bp
from portal.web.forms import trimmed
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/add")
@allowed(policies.may_sign_up_others)
def add(event_id: int) -> Response:
    """Find people of one's own part of the tree and tick them."""
    reader = current_reader()
    return _search(event_seen_by(reader, event_id), reader)


@bp.post("/add")
@allowed(policies.may_sign_up_others)
@writes
def add_many(event_id: int) -> Response:
    """Sign the ticked up and say what came of each.

    The report answers the request itself: sent again it changes nothing and says so.
    """
    actor = current_person()
    event = event_seen_by(actor, event_id)
    form = AddForm()
    chosen, branches = form.person.data or [], form.branch.data or []
    if not form.validate() or not (chosen or branches):
        return _search(event, actor, refusal="请先勾选要报名的人。", status=422)
    people = queries.chosen_people(chosen[: MOST_AT_ONCE + 1], branches)
    if max(len(chosen), len(people)) > MOST_AT_ONCE:
        refusal = f"一次最多为 {MOST_AT_ONCE} 人报名，请分几次。还没有为任何人报名。"
        return _search(event, actor, refusal=refusal, status=422)
    if not people:
        return _search(event, actor, refusal="没有找到勾选的人，请重新勾选。", status=422)
    try:
        report = sign_up_or_ask(
            event=event,
            people=people,
            actor=actor,
            together=bool(form.together.data),
            where=url_for("signups.add", event_id=event.id),
        )
    except InvalidInputError as error:
        return _search(event, actor, refusal=error.message, status=422)
    return report if isinstance(report, Response) else report_page(event, report)


def report_page(
    event: Event,
    report: Sequence[tuple[Person, Outcome]],
    left: Sequence[tuple[str, str]] = (),
) -> Response:
    """Say what came of each; `left` are lines of a list nobody was signed up for, and why."""
    named = [line for line in report if line[1] is not Outcome.NOT_ALLOWED]
    entered = [person.id for person, outcome in named if outcome.is_entered]
    return render(
        "signups/added.html",
        event=event,
        report=named,
        left=left,
        strangers=len(report) - len(named),
        tally={outcome: sum(1 for _, came in report if came is outcome) for outcome in Outcome},
        overlaps=queries.overlapping(event, entered) if entered else [],
        names={person.id: person.name for person, _ in named},
    )


def _search(event: Event, reader: Somebody, *, refusal: str = "", status: int = 200) -> Response:
    """Show who can be ticked, and beside them who is ticked already and not among them."""
    roots = scope(reader, HOSTS)
    branches = queries.branches(roots)
    typed = (trimmed(request.values.get("q")) or "")[:60]
    known = {branch.id: branch for branch in branches}
    branch = known.get(request.values.get("org", 0, type=row_number))
    if branch is None and not typed and branches and "org" not in request.values:
        branch = branches[0]
    wanted = queries.people_within(roots, typed=typed, branch_id=branch.id if branch else None)
    page = page_of(wanted, request.values.get("page", 1, type=int))
    shown = [person.id for person in page.rows]
    ticked = set(request.values.getlist("person", type=row_number)[:MOST_AT_ONCE])
    elsewhere = queries.these_within(roots, ticked.difference(shown))
    return render(
        "signups/add.html",
        block="results",
        status=status,
        event=event,
        refusal=refusal,
        typed=typed,
        branches=branches,
        branch=branch,
        people=page,
        ticked=ticked,
        elsewhere=elsewhere,
        ticked_branches=[
            known[number]
            for number in dict.fromkeys(request.values.getlist("branch", type=row_number))
            if number in known
        ],
        units=queries.units([*shown, *(person.id for person in elsewhere)]),
        live=queries.live_signups(event.id, shown),
        together=bool(request.form.get("together")),
        is_host=policies.may_manage(reader, event),
    )
