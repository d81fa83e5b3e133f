"""Who of a part of the tree is not there yet: a list in stroke order, never a ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import send_file
from werkzeug.wrappers import Response

from portal import clock, paging
from portal.attendance.rules import attendance_rate
from portal.database import write_transaction
from portal.errors import NotFoundError
from portal.hours import list_xlsx, policies, queries, services
from portal.hours.kinds import Category
from portal.hours.queries import Member
from portal.hours.views.blueprint import asked_year, bp
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, require
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.web.numbers import asked_number
from portal.web.templating import render

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Counted:
    """How many of some members owe hours, and how many are there."""

    obliged: int
    there: int
    excused: int

    @property
    def missing(self) -> int:
        """How many are not there yet."""
        return self.obliged - self.there

    @property
    def rate(self) -> str:
        """学时达标率: there ÷ obliged, one decimal, half up; nobody obliged is "—"."""
        return attendance_rate(self.there, self.obliged)


def counted(members: Sequence[Member]) -> Counted:
    """Return the numbers of these members."""
    obliged = [one for one in members if one.standing.owed.halves is not None]
    there = sum(one.standing.is_there for one in obliged)
    return Counted(len(obliged), there, len(members) - len(obliged))


@bp.get("/hours/branch")
@allowed(policies.may_list_somewhere)
def branch() -> Response:
    """The numbers of a part of the tree, and who is not there yet."""
    organisation, year = _asked(), asked_year()
    thresholds = queries.thresholds()
    members = queries.members(organisation, year, thresholds)
    missing = [one for one in members if not one.standing.is_there]
    number = max(1, min(asked_number("page") or 1, 100_000))
    first = (number - 1) * paging.PER_PAGE
    rows = missing[first : first + paging.PER_PAGE]
    reader = current_reader()
    return render(
        "hours/branch.html",
        block="results",
        organisation=organisation,
        year=year,
        years=range(clock.today().year, clock.today().year - 3, -1),
        whole=counted(members),
        units=_units(organisation, members),
        missing=paging.Page(rows, number, len(missing) > first + paging.PER_PAGE),
        sees_progress=policies.may_see_progress(reader, organisation),
        waiting=queries.waiting_for(reader, 1).rows,
        owed={category: thresholds.of(category, organisation.path, year) for category in Category},
    )


@bp.get("/hours/branch.xlsx")
@allowed(policies.may_list_somewhere)
def branch_xlsx() -> Response:
    """The hours of the year of all members, as a file; that somebody took it is noted."""
    organisation, year = _asked(), asked_year()
    require(
        policies.may_export(current_reader(), organisation),
        "学时表由支部书记、社区党委书记和街道组织办导出。",
    )
    members = queries.members(organisation, year, queries.thresholds())
    file = BytesIO()
    day = clock.today()
    list_xlsx.write(
        title=f"{organisation.name}{year}年学时统计表",
        line=f"单位：{organisation.name}　统计日期：{day.year}年{day.month}月{day.day}日　"
        f"导出人：{current_reader().name}",
        members=members,
        file=file,
    )
    with write_transaction():
        services.note_exported(
            organisation=_asked(), year=year, people=len(members), actor=current_person()
        )
    file.seek(0)
    return send_file(
        file,
        mimetype=_XLSX,
        as_attachment=True,
        download_name=f"{organisation.short_name}{year}年学时.xlsx",
    )


@bp.get("/hours/waiting")
@allowed(policies.may_list_somewhere)
def waiting() -> Response:
    """Other training that waits for the reader, the oldest first."""
    found = queries.waiting_for(current_reader(), asked_number("page") or 1)
    return render("hours/waiting.html", block="results", trainings=found)


def _asked() -> Organisation:
    """Return the organisation of the address; without one the uppermost that the reader runs."""
    number = asked_number("org")
    reader = current_reader()
    if number is None:
        roots = sorted(scope(reader, HOSTS), key=lambda one: (one.path.count("/"), one.path))
        number = roots[0].id
    found = people.organisation(number)
    if not policies.may_list(reader, found):
        raise NotFoundError("没有这个组织，或者不在您负责的范围。")
    return found


def _units(
    organisation: Organisation, members: Sequence[Member]
) -> Mapping[str, tuple[str, Counted]]:
    """Return the numbers of each branch below, by path, in the order of the tree."""
    by_unit: dict[str, list[Member]] = {}
    for one in members:
        by_unit.setdefault(one.unit_path, []).append(one)
    if set(by_unit) <= {organisation.path}:
        return {}
    return {path: (rows[0].unit_name, counted(rows)) for path, rows in sorted(by_unit.items())}
