"""What importing a list would do, row by row. The upstream number says which case a row is."""

import re
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.cases.exchange.columns import HEADERS, REQUIRED, CaseField
from portal.cases.models import (
    LONGEST_CATEGORY,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_UPSTREAM,
    LONGEST_WORDS,
    Case,
    CaseKind,
    headline_of,
)
from portal.database import db
from portal.people.imports.cells import Cells
from portal.people.imports.columns import Table, understood
from portal.people.imports.person_rows import KnownOrganisation, OrganisationIndex
from portal.people.imports.plan import Change, Difference, Plan, Progress
from portal.people.imports.reading import Cell, Row, read_sheets
from portal.people.imports.values import CellError, calendar_day, phone_number, plain, words
from portal.people.models import Organisation
from portal.people.naming import plain_text, verbatim_text
from portal.people.queries import begins_with

Cases = Plan["PlannedCase"]
_BATCH = 500
_KINDS = {kind.label: kind for kind in CaseKind} | {
    "咨询": CaseKind.POLICY,
    "政策": CaseKind.POLICY,
    "求助": CaseKind.DIFFICULTY,
    "举报": CaseKind.COMPLAINT,
    "意见": CaseKind.SUGGESTION,
    "其他": CaseKind.QUESTION,
}
# The portal's own number, as the export writes it for what no hotline has numbered.
_OWN_NUMBER = re.compile(r"\d{4}-(\d{5,9})")
_NOT_YOURS = "这个编号的事不在您负责的范围，请核对编号"


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """What a row says; `case_id` None is a case that the portal does not know yet."""

    number: int
    upstream: str
    words: str
    kind: CaseKind | None
    category: str
    organisation_id: int
    organisation: str
    place: str
    asker_name: str
    asker_phone: str
    opened_on: date | None
    due_on: date | None
    case_id: int | None = None

    @property
    def title(self) -> str:
        """How the preview names the row."""
        return f"{self.upstream} {headline_of(self.words)}"

    def told(self) -> list[tuple[str, str]]:
        """Return label and text of what matters."""
        return [
            (CaseField.UPSTREAM.label, self.upstream),
            (CaseField.WORDS.label, headline_of(self.words)),
            (CaseField.ORGANISATION.label, self.organisation),
            (CaseField.DUE_ON.label, self.due_on.isoformat() if self.due_on else "按一般件"),
        ]


def read_cases(content: bytes) -> Table:
    """Return the list in a file; raise InvalidInputError."""
    return understood(read_sheets(content), headers=HEADERS, required=REQUIRED)


def plan_cases(
    table: Table,
    *,
    roots: tuple[str, ...] | None = None,
    progress: Progress = lambda _rows: None,
) -> Cases:
    """Return what the table would create, change, leave and refuse; nothing is written."""
    plan: Cases = Plan(table)
    index, only = _organisations(roots or ())
    rows: dict[str, PlannedCase] = {}
    for row in table.rows:
        planned = _understood(plan, row, index, only)
        progress(1)
        if planned is None:
            continue
        if planned.upstream in rows:
            first = rows[planned.upstream].number
            plan.refuse(row.number, _column(plan, CaseField.UPSTREAM), f"与第 {first} 行编号相同")
            continue
        rows[planned.upstream] = planned
    known = _known(list(rows))
    for planned in rows.values():
        _decide(plan, planned, known.get(planned.upstream), roots or ())
    return plan


def _decide(plan: Cases, planned: PlannedCase, case: Case | None, roots: tuple[str, ...]) -> None:
    if case is None:
        plan.created.append(planned)
        return
    if not any(case.organisation.path.startswith(root) for root in roots):
        plan.refuse(planned.number, _column(plan, CaseField.UPSTREAM), _NOT_YOURS)
        return
    found = differences_of(case, planned)
    if found:
        plan.changed.append(Change(_with_case(planned, case.id), tuple(found)))
    else:
        plan.unchanged += 1


def differences_of(case: Case, planned: PlannedCase) -> list[Difference]:
    """Return what the row says otherwise. An empty cell says nothing; the words are only added to.

    Who asked is not taken again once it has been forgotten.
    """
    pairs = [
        (CaseField.CATEGORY.label, case.category, planned.category),
        (CaseField.PLACE.label, case.place, planned.place),
        (CaseField.KIND.label, case.kind.label, planned.kind.label if planned.kind else ""),
        (
            CaseField.DUE_ON.label,
            case.due_day.isoformat() if not case.granted_days else "",
            planned.due_on.isoformat() if planned.due_on and not case.granted_days else "",
        ),
    ]
    if case.asker_forgotten_at is None and case.asker_sight.value == "named":
        pairs += [
            (CaseField.ASKER_NAME.label, case.asker_name, planned.asker_name),
            (CaseField.ASKER_PHONE.label, case.asker_phone, planned.asker_phone),
        ]
    found = [Difference(label, old, new) for label, old, new in pairs if new and old != new]
    if _same_words(case.words) != _same_words(planned.words):
        found.append(Difference("补充", "", headline_of(planned.words)))
    return found


def _same_words(text: str) -> str:
    """Return words so that spaces and the width of letters and marks make no difference."""
    return "".join(plain_text(text).split())


def _with_case(planned: PlannedCase, case_id: int) -> PlannedCase:
    values = {name: getattr(planned, name) for name in PlannedCase.__slots__}
    return PlannedCase(**{**values, "case_id": case_id})


def _known(numbers: list[str]) -> dict[str, Case]:
    """Return the cases that bear these numbers: the hotline's, or the portal's own."""
    found: dict[str, Case] = {}
    for start in range(0, len(numbers), _BATCH):
        batch = numbers[start : start + _BATCH]
        own = [int(match[1]) for number in batch if (match := _OWN_NUMBER.fullmatch(number))]
        wanted = (
            select(Case)
            .where(
                or_(
                    and_(Case.upstream_number.in_(batch), Case.upstream_number != ""),
                    and_(Case.id.in_(own), Case.upstream_number == ""),
                )
            )
            .options(joinedload(Case.organisation))
        )
        for case in db.session.scalars(wanted):
            found[case.upstream_number or case.number] = case
    return found


def _organisations(roots: tuple[str, ...]) -> tuple[OrganisationIndex, KnownOrganisation | None]:
    """Return what a row may name, by full and by short name; and the one it is without a word."""
    within = [begins_with(Organisation.path, root) for root in roots]
    found = db.session.scalars(
        select(Organisation)
        .where(or_(*within) if within else Organisation.id.is_(None))
        .order_by(Organisation.path)
    ).all()
    known = [KnownOrganisation(one.id, one.code, one.name, one.path) for one in found]
    short = [
        KnownOrganisation(one.id, one.code, one.short_name, one.path)
        for one in found
        if one.short_name != one.name
    ]
    first = known[0] if len(roots) == 1 and known else None
    return OrganisationIndex([*known, *short]), first


def _understood(
    plan: Cases, row: Row, index: OrganisationIndex, only: KnownOrganisation | None
) -> PlannedCase | None:
    """Return what a row says, or refuse it for every cell that cannot be believed."""
    cells = Cells(plan, row)

    def named(cell: Cell) -> KnownOrganisation:
        text = words(cell, most=80)
        if text:
            return index.named("", text)
        if only is None:
            raise CellError("没有写是哪个社区")
        return only

    upstream = cells.taken(CaseField.UPSTREAM, _number)
    said = cells.taken(CaseField.WORDS, _said)
    kind = cells.taken(CaseField.KIND, _kind)
    category = cells.taken(CaseField.CATEGORY, lambda cell: words(cell, most=LONGEST_CATEGORY))
    organisation = cells.taken(CaseField.ORGANISATION, named)
    place_name = cells.taken(CaseField.PLACE, lambda cell: words(cell, most=LONGEST_PLACE))
    asker = cells.taken(CaseField.ASKER_NAME, lambda cell: words(cell, most=LONGEST_NAME))
    phone = cells.taken(CaseField.ASKER_PHONE, _phone)
    opened_on = cells.taken(CaseField.OPENED_ON, _past_day)
    due_on = cells.taken(CaseField.DUE_ON, calendar_day)
    if due_on is not None and opened_on is not None and due_on < opened_on:
        cells.refuse(CaseField.DUE_ON, "期限早于派单日期")
    if cells.are_refused or organisation is None:
        return None
    return PlannedCase(
        number=row.number,
        upstream=upstream or "",
        words=said or "",
        kind=kind,
        category=category or "",
        organisation_id=organisation.id,
        organisation=organisation.name,
        place=place_name or "",
        asker_name=asker or "",
        asker_phone=phone or "",
        opened_on=opened_on,
        due_on=due_on,
    )


def _number(cell: Cell) -> str:
    text = words(cell, most=LONGEST_UPSTREAM)
    if not text:
        raise CellError("没有工单编号")
    return text


def _said(cell: Cell) -> str:
    """Return the words as the hotline wrote them down: verbatim, full-width marks and all."""
    if not plain(cell):
        raise CellError("没有诉求内容")
    text = verbatim_text(cell) if isinstance(cell, str) else plain(cell)
    if len(text) > LONGEST_WORDS:
        raise CellError(f"有 {len(text)} 个字，最多 {LONGEST_WORDS} 个字")
    return text


def _kind(cell: Cell) -> CaseKind | None:
    text = plain(cell)
    if not text:
        return None
    found = next((kind for word, kind in _KINDS.items() if word in text), None)
    if found is None:
        raise CellError(f"“{text[:20]}”看不出是哪一类，可以写：{'、'.join(_KINDS)}")
    return found


def _phone(cell: Cell) -> str:
    """Return the number; one that is masked, as the export has it, says nothing."""
    return "" if isinstance(cell, str) and "****" in cell else phone_number(cell)


def _past_day(cell: Cell) -> date | None:
    day = calendar_day(cell)
    if day is not None and day > clock.today():
        raise CellError(f"“{day.isoformat()}”还没有到")
    return day


def _column(plan: Cases, field: CaseField) -> str:
    return plan.table.layout.column_of(field)
