"""Attendance by unit and period, the rows behind a figure, one person's record."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import NotFoundError
from portal.events.models import EventKind
from portal.people.access import allowed, current_reader, require, signed_in
from portal.people.directory_queries import person as person_by_id
from portal.people.models import Organisation
from portal.people.views.sight import seen
from portal.reports import policies, queries
from portal.reports.figures import Figures, total
from portal.reports.periods import Period, period_of, period_typed
from portal.reports.queries import Asked, Group
from portal.reports.views.blueprint import bp
from portal.web.numbers import asked_number
from portal.web.templating import render

_LENGTHS = ((12, "年"), (3, "季"), (1, "月"))


@dataclass(frozen=True)
class Line:
    """A line of the table: one organisation right below, or those who belong to none of them."""

    organisation: Organisation
    figures: Figures
    opens: bool


@bp.get("/reports/")
@allowed(policies.may_see_reports)
def index() -> Response:
    """Attendance of one's part of the tree, unit by unit."""
    asked = _asked()
    found = queries.by_unit(asked)
    return render(
        "reports/index.html",
        asked=asked,
        roots=queries.roots_of(current_reader()),
        lines=_lines(asked.organisation, found),
        whole=total(found.values()),
        lengths=[(asked.period.of_length(months), word) for months, word in _LENGTHS],
        kinds=EventKind,
        public_leave_counts=current_app.config["PORTAL_PUBLIC_LEAVE_COUNTS"],
    )


@bp.get("/reports/rows")
@allowed(policies.may_see_reports)
def rows() -> Response:
    """The rows behind a figure."""
    asked = _asked()
    shown = request.args.get("show", "")
    group = Group(shown) if shown in set(Group) else Group.DUE
    page = queries.rows(asked, group, request.args.get("page", 1, type=int))
    return render(
        "reports/rows.html", block="results", asked=asked, group=group, groups=Group, rows=page
    )


@bp.get("/reports/people/<int:person_id>")
@signed_in
def person(person_id: int) -> Response:
    """One person's attendance in a period, for those who keep the person's branch."""
    found = person_by_id(person_id)
    require(policies.may_see_reports(current_reader()))
    seen(found)
    period = _period()
    figures, record = queries.person_figures(found, period)
    return render(
        "reports/person.html",
        person=found,
        period=period,
        lengths=[(period.of_length(months), word) for months, word in _LENGTHS],
        figures=figures,
        rows=record,
        public_leave_counts=current_app.config["PORTAL_PUBLIC_LEAVE_COUNTS"],
    )


def _asked() -> Asked:
    """Return what the address asks for; without a word the reader's own part, this year."""
    roots = queries.roots_of(current_reader())
    number = asked_number("org")
    about = queries.organisation(roots[0].id if number is None else number)
    if not policies.may_see_report(current_reader(), about):
        raise NotFoundError("没有这个组织，或者不在您负责的范围。")
    kind = request.args.get("kind", "")
    return Asked(about, _period(), EventKind(kind) if kind in set(EventKind) else None)


def _period() -> Period:
    return period_typed(request.args.get("period")) or period_of(clock.today(), 12)


def _lines(root: Organisation, found: Mapping[str, Figures]) -> list[Line]:
    """Return the figures of each organisation right below, and of the rest, in tree order."""
    rest = dict(found)
    lines = []
    for child in queries.children(root):
        own = [rest.pop(path) for path in list(rest) if path.startswith(child.path)]
        if own:
            opens = child.path not in found or len(own) > 1
            lines.append(Line(child, total(own), opens))
    if rest:
        lines.append(Line(root, total(rest.values()), opens=False))
    return lines
