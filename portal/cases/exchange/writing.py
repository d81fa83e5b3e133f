"""Writing an import: new cases are registered, known ones put right; one entry in the audit."""

from datetime import datetime, time

from portal import clock
from portal.audit import services as audit
from portal.cases import deadlines, queries
from portal.cases.exchange.columns import CaseField
from portal.cases.exchange.planning import Cases, PlannedCase, plan_cases, read_cases
from portal.cases.models import Case, CaseKind, CaseSource, Counting, LimitKey, Move
from portal.cases.services.registering import Asker, Details, register
from portal.cases.services.writing import index, note
from portal.database import db
from portal.people.imports.columns import Table
from portal.people.imports.plan import Change, Progress
from portal.people.imports.services import FileFacts, Importing
from portal.people.models import Organisation, Person
from portal.workdays.working_time import WorkCalendar

_MORNING = time(9)


def _unheard(_rows: int) -> None:
    """Nobody is watching."""


def import_cases(
    table: Table,
    *,
    file: FileFacts,
    actor: audit.Acting,
    roots: tuple[str, ...] | None = None,
    progress: Progress = _unheard,
) -> Cases:
    """Plan and write all rows that are not refused."""
    plan = plan_cases(table, roots=roots, progress=progress)
    person = db.session.get_one(Person, actor.id)
    calendar = queries.calendar_since()
    for planned in plan.created:
        _create(planned, person, calendar)
    for change in plan.changed:
        _change(change, person)
    counts = plan.counts
    audit.record(
        "case.imported",
        "import",
        actor=actor,
        file=file.name,
        sha256=file.sha256,
        created=counts.created,
        changed=counts.changed,
        unchanged=counts.unchanged,
        refused=counts.refused,
    )
    return plan


def _create(planned: PlannedCase, actor: Person, calendar: WorkCalendar) -> None:
    organisation = db.session.get_one(Organisation, planned.organisation_id)
    opened_at = (
        clock.from_local(datetime.combine(planned.opened_on, _MORNING))
        if planned.opened_on and planned.opened_on < clock.today()
        else clock.now()
    )
    made = register(
        details=Details(
            words=planned.words,
            kind=planned.kind or CaseKind.QUESTION,
            source=CaseSource.HOTLINE,
            organisation=organisation,
            lead=organisation,
            place=planned.place,
            category=planned.category,
            asker=Asker(name=planned.asker_name, phone=planned.asker_phone),
            upstream_number=planned.upstream,
            opened_at=opened_at,
        ),
        actor=actor,
        with_code=False,
    )
    if planned.due_on is not None:
        set_due(made.case, planned, calendar)


def set_due(case: Case, planned: PlannedCase, calendar: WorkCalendar) -> None:
    """Let the hotline's own date be the deadline, with the marks that belong to it."""
    if planned.due_on is None:
        return
    yellow = queries.limits_for(case.organisation)[LimitKey.YELLOW].amount
    days = max(1, min(365, (planned.due_on - clock.local(case.opened_at).date()).days))
    counted = deadlines.on_day(planned.due_on, yellow_days=yellow, calendar=calendar)
    case.due_amount, case.due_counting = days, Counting.NATURAL_DAYS
    case.due_at = case.first_due_at = counted.due_at
    case.yellow_at, case.red_at = counted.yellow_at, counted.red_at
    db.session.flush()


def _change(change: Change[PlannedCase], actor: Person) -> None:
    planned = change.planned
    assert planned.case_id is not None  # noqa: S101  only known cases are changed
    case = queries.case(planned.case_id)
    labels = {difference.label for difference in change.differences}
    if CaseField.CATEGORY.label in labels:
        case.category = planned.category
    if CaseField.PLACE.label in labels:
        case.place = planned.place
    if CaseField.KIND.label in labels and planned.kind is not None:
        case.kind = planned.kind
    if CaseField.ASKER_NAME.label in labels:
        case.asker_name = planned.asker_name
    if CaseField.ASKER_PHONE.label in labels:
        case.asker_phone = planned.asker_phone
    if CaseField.DUE_ON.label in labels:
        set_due(case, planned, queries.calendar_since(case.opened_at))
    said = "、".join(sorted(labels - {"补充"}))
    if "补充" in labels:
        note(case, Move.SUPPLEMENT, actor=actor, words=f"热线再次转来：{planned.words}")
    if said:
        note(case, Move.SUPPLEMENT, actor=actor, words=f"热线清单更新了：{said}")
    index(case)


CASES = Importing("cases", read_cases, plan_cases, import_cases)
