"""The organisation tree from a table: codes, names, kinds and who stands above whom."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select

from portal.database import db
from portal.people.imports.columns import (
    ORGANISATION_HEADERS,
    OrganisationField,
    Table,
    understood,
)
from portal.people.imports.plan import Change, Plan, Progress, differences
from portal.people.imports.reading import Row, Sheet
from portal.people.imports.values import CellError, words
from portal.people.models import Organisation, OrganisationKind, OrganisationName

LONGEST_CODE = 40
LONGEST_NAME = 80
LONGEST_PATH = 400
_CODE = re.compile(r"[\w.\-]+")

_KIND_WORDS: tuple[tuple[str, OrganisationKind], ...] = (
    ("党小组", OrganisationKind.GROUP),
    ("小组", OrganisationKind.GROUP),
    ("支部", OrganisationKind.BRANCH),
    ("党工委", OrganisationKind.SUB_DISTRICT),
    ("街道", OrganisationKind.SUB_DISTRICT),
    ("社区", OrganisationKind.COMMUNITY),
    ("党总支", OrganisationKind.COMMUNITY),
    ("网格", OrganisationKind.GRID),
    ("单位", OrganisationKind.UNIT),
)
# An organisation stands below one of a lower level; units and grids stand anywhere.
_LEVELS = {
    OrganisationKind.SUB_DISTRICT: 1,
    OrganisationKind.COMMUNITY: 2,
    OrganisationKind.BRANCH: 3,
    OrganisationKind.GROUP: 4,
}


@dataclass(frozen=True, slots=True)
class PlannedOrganisation:
    """A row that was understood; `parent_code` None is the top of the tree."""

    row: int
    code: str
    name: str
    short_name: str
    kind: OrganisationKind
    parent_code: str | None


Organisations = Plan[PlannedOrganisation]


def organisation_table(sheets: tuple[Sheet, ...]) -> Table:
    """Return the table with a column of codes and one of names; raise InvalidInputError."""
    required = [(OrganisationField.CODE,), (OrganisationField.NAME,)]
    return understood(sheets, headers=ORGANISATION_HEADERS, required=required)


def plan_organisations(
    table: Table,
    *,
    roots: tuple[str, ...] | None = None,
    progress: Progress = lambda _rows: None,
) -> Organisations:
    """Return what the table would create, change, leave and refuse; nothing is written.

    `roots`, paths of organisations, limit a reader to subtrees; None is the whole tree.
    """
    plan: Organisations = Plan(table)
    existing = {found.code: found for found in db.session.scalars(select(Organisation))}
    rows = _understood_rows(plan, existing, progress)
    parents = {code: _code_of_parent(found, existing) for code, found in existing.items()}
    parents |= {row.code: row.parent_code for row in rows.values()}
    _refuse_bad_parents(plan, rows, existing, parents)
    if roots is not None:
        _refuse_out_of_scope(plan, rows, existing, parents, roots)
    for row in sorted(rows.values(), key=lambda row: row.row):
        _decide(plan, row, existing)
    return plan


def _code_of_parent(found: Organisation, existing: Mapping[str, Organisation]) -> str | None:
    parts = found.path.strip("/").split("/")
    return parts[-2] if len(parts) > 1 and parts[-2] in existing else None


# ------------------------------------------------------------------ rows


def _understood_rows(
    plan: Organisations, existing: Mapping[str, Organisation], progress: Progress
) -> dict[str, PlannedOrganisation]:
    """Return the rows without a fault of their own, by code."""
    rows: dict[str, PlannedOrganisation] = {}
    first_with: dict[tuple[str, str], int] = {}
    by_name = _codes_by_name(plan, existing)
    for row in plan.table.rows:
        progress(1)
        planned = _understood_row(plan, row, existing, by_name)
        if planned is None:
            continue
        twin = first_with.get(("code", planned.code))
        namesake = first_with.get((planned.parent_code or "", planned.name))
        if twin is not None:
            plan.refuse(
                row.number,
                _column(plan, OrganisationField.CODE),
                f"与第 {twin} 行的组织编码“{planned.code}”重复",
            )
        elif namesake is not None:
            plan.refuse(
                row.number,
                _column(plan, OrganisationField.NAME),
                f"与第 {namesake} 行同名，上级也相同",
            )
        else:
            rows[planned.code] = planned
            first_with["code", planned.code] = row.number
            first_with[planned.parent_code or "", planned.name] = row.number
    return rows


def _codes_by_name(
    plan: Organisations, existing: Mapping[str, Organisation]
) -> dict[str, set[str]]:
    """Return the codes that bear a name, in the portal and in the table."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for found in existing.values():
        by_name[found.name].add(found.code)
    places = plan.table.layout.places
    for row in plan.table.rows:
        try:
            name = words(row.cell(places[OrganisationField.NAME]), most=LONGEST_NAME)
            by_name[name].add(words(row.cell(places[OrganisationField.CODE]), most=LONGEST_CODE))
        except CellError:
            continue
    return by_name


def _understood_row(
    plan: Organisations,
    row: Row,
    existing: Mapping[str, Organisation],
    by_name: Mapping[str, set[str]],
) -> PlannedOrganisation | None:
    values: dict[OrganisationField, str] = {}
    faults = 0
    for field in OrganisationField:
        place = plan.table.layout.places.get(field)
        if place is None:
            continue
        most = LONGEST_CODE if field.value.endswith("code") else LONGEST_NAME
        try:
            values[field] = words(row.cell(place), most=most)
        except CellError as error:
            plan.refuse(row.number, _column(plan, field), str(error))
            faults += 1
    if faults:
        return None
    code, name = values[OrganisationField.CODE], values[OrganisationField.NAME]
    if not code:
        plan.refuse(row.number, _column(plan, OrganisationField.CODE), "没有组织编码")
        return None
    if not _CODE.fullmatch(code):
        plan.refuse(
            row.number,
            _column(plan, OrganisationField.CODE),
            f"编码“{code}”里只能有文字、数字、点和短横",
        )
        return None
    if not name:
        plan.refuse(row.number, _column(plan, OrganisationField.NAME), "没有组织名称")
        return None
    current = existing.get(code)
    kind = _kind(values.get(OrganisationField.KIND, ""), name, current)
    if kind is None:
        shown = values.get(OrganisationField.KIND) or name
        plan.refuse(
            row.number, _column(plan, OrganisationField.KIND), f"“{shown}”看不出是哪一类组织"
        )
        return None
    short_name = values.get(OrganisationField.SHORT_NAME) or (
        current.short_name if current and current.name == name else name
    )
    planned = PlannedOrganisation(row.number, code, name, short_name, kind, None)
    return _with_parent(plan, planned, values, current=current, existing=existing, by_name=by_name)


def _with_parent(
    plan: Organisations,
    planned: PlannedOrganisation,
    values: Mapping[OrganisationField, str],
    *,
    current: Organisation | None,
    existing: Mapping[str, Organisation],
    by_name: Mapping[str, set[str]],
) -> PlannedOrganisation | None:
    code = values.get(OrganisationField.PARENT_CODE, "")
    name = values.get(OrganisationField.PARENT_NAME, "")
    if not code and name:
        bearing = by_name.get(name, set())
        if len(bearing) != 1:
            reason = (
                f"没有“{name}”这个上级组织"
                if not bearing
                else f"有几个组织都叫“{name}”，请写上级组织编码"
            )
            plan.refuse(planned.row, _column(plan, OrganisationField.PARENT_NAME), reason)
            return None
        code = next(iter(bearing))
    if not code and not _has_parent_column(plan):
        code = (_code_of_parent(current, existing) or "") if current else ""
    return replace(planned, parent_code=code or None)


def _has_parent_column(plan: Organisations) -> bool:
    places = plan.table.layout.places
    return OrganisationField.PARENT_CODE in places or OrganisationField.PARENT_NAME in places


def _kind(written: str, name: str, current: Organisation | None) -> OrganisationKind | None:
    """Return the kind as written, in English or Chinese; else as now; else as the name says."""
    lowered = written.casefold()
    for kind in OrganisationKind:
        if lowered in {kind.value, kind.label}:
            return kind
    if not written and current is not None:
        return current.kind
    text = written or name
    return next((kind for word, kind in _KIND_WORDS if word in text), None)


# ------------------------------------------------------------------ the tree


def _refuse_bad_parents(
    plan: Organisations,
    rows: dict[str, PlannedOrganisation],
    existing: Mapping[str, Organisation],
    parents: dict[str, str | None],
) -> None:
    """Refuse rows whose parent is unknown, wrong or refused itself, and rows in a circle."""
    column = _column(plan, OrganisationField.PARENT_CODE)
    for row in list(rows.values()):
        circle = _circle(row.code, parents)
        if circle:
            plan.refuse(row.row, column, f"上级组织绕成了一圈：{' → '.join(circle)}")
            del rows[row.code]
    for code in set(parents) - set(rows):
        # What is refused stays where it stands.
        parents[code] = _code_of_parent(existing[code], existing) if code in existing else None
    refused_before = True
    while refused_before:
        refused_before = False
        for row in list(rows.values()):
            reason = _fault_of_parent(row, rows, existing, parents)
            if reason:
                plan.refuse(row.row, column, reason)
                del rows[row.code]
                current = existing.get(row.code)
                parents[row.code] = _code_of_parent(current, existing) if current else None
                refused_before = True


def _fault_of_parent(
    row: PlannedOrganisation,
    rows: Mapping[str, PlannedOrganisation],
    existing: Mapping[str, Organisation],
    parents: Mapping[str, str | None],
) -> str | None:
    if row.parent_code is None:
        if _LEVELS.get(row.kind, 1) > 1:
            return f"没有写上级组织（{row.kind.label}必须有上级）"
        return None
    above = rows.get(row.parent_code) or existing.get(row.parent_code)
    if above is None:
        if row.parent_code in parents:
            return f"上级组织“{row.parent_code}”那一行没有被接受"
        return f"没有编码为“{row.parent_code}”的上级组织"
    if _LEVELS.get(above.kind, 0) >= _LEVELS.get(row.kind, 9):
        return f"“{above.kind.label}”不能是“{row.kind.label}”的上级"
    if len(_path(row.code, parents)) > LONGEST_PATH:
        return "层级太多"
    return None


def _circle(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the way from an organisation back to itself, or an empty list."""
    way = [code]
    above = parents.get(code)
    while above is not None:
        if above in way:
            return [*way, above] if above == code else []
        way.append(above)
        above = parents.get(above)
    return []


def _path(code: str, parents: Mapping[str, str | None]) -> str:
    way: list[str] = []
    step: str | None = code
    while step is not None and step not in way:
        way.append(step)
        step = parents.get(step)
    return f"/{'/'.join(reversed(way))}/"


def _refuse_out_of_scope(
    plan: Organisations,
    rows: dict[str, PlannedOrganisation],
    existing: Mapping[str, Organisation],
    parents: Mapping[str, str | None],
    roots: tuple[str, ...],
) -> None:
    for row in list(rows.values()):
        current = existing.get(row.code)
        paths = [_path(row.code, parents), *([current.path] if current else [])]
        if not all(path.startswith(roots) for path in paths):
            plan.refuse(row.row, _column(plan, OrganisationField.CODE), "不在您管理的组织范围内")
            del rows[row.code]


def _decide(
    plan: Organisations, row: PlannedOrganisation, existing: Mapping[str, Organisation]
) -> None:
    current = existing.get(row.code)
    if current is None:
        plan.created.append(row)
        return
    above = _code_of_parent(current, existing)
    changed = differences(
        [
            (OrganisationField.NAME.label, current.name, row.name),
            (OrganisationField.SHORT_NAME.label, current.short_name, row.short_name),
            (OrganisationField.KIND.label, current.kind.label, row.kind.label),
            (OrganisationField.PARENT_CODE.label, above or "", row.parent_code or ""),
        ]
    )
    if changed:
        plan.changed.append(Change(row, changed))
    else:
        plan.unchanged += 1


def _column(plan: Organisations, field: OrganisationField) -> str:
    return plan.table.layout.column_of(field)


# ------------------------------------------------------------------ writing


def apply_organisations(plan: Organisations, *, today: date) -> None:
    """Write a plan in the open transaction; an old name is kept with its last day."""
    existing = {found.code: found for found in db.session.scalars(select(Organisation))}
    for row in plan.created:
        existing[row.code] = Organisation(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            path=f"/{row.code}/",
        )
        db.session.add(existing[row.code])
    db.session.flush()
    parents = {found.id: found for found in existing.values()}
    for row in [*plan.created, *(change.planned for change in plan.changed)]:
        current = existing[row.code]
        if current.name != row.name:
            last_day = today - timedelta(days=1)
            db.session.add(
                OrganisationName(organisation_id=current.id, name=current.name, valid_to=last_day)
            )
        current.name, current.short_name, current.kind = row.name, row.short_name, row.kind
        current.parent_id = existing[row.parent_code].id if row.parent_code else None
    for found in existing.values():
        found.path = _path_of(found, parents)
    db.session.flush()


def _path_of(found: Organisation, by_id: Mapping[int, Organisation]) -> str:
    codes = [found.code]
    while found.parent_id is not None:
        found = by_id[found.parent_id]
        codes.append(found.code)
    return f"/{'/'.join(reversed(codes))}/"
