"""The organisation tree from a table: codes, names, kinds and who stands above whom."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from portal.database import db
from portal.people.imports.columns import Table
from portal.people.imports.fields import OrganisationField
from portal.people.imports.organisation_rows import (
    Organisations,
    PlannedOrganisation,
    code_of_parent,
    column_of,
    understood_rows,
)
from portal.people.imports.plan import Change, Plan, Progress, differences
from portal.people.models import Organisation, OrganisationKind, OrganisationName, Tree
from portal.people.models.organisation import LONGEST_PATH
from portal.people.services.organisations import tell_of_names


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
    rows = understood_rows(plan, existing, progress)
    parents = {code: code_of_parent(found, existing) for code, found in existing.items()}
    parents |= {row.code: row.parent_code for row in rows.values()}
    _refuse_bad_parents(plan, rows, existing, parents)
    if roots is not None:
        _refuse_out_of_scope(plan, rows, existing, parents, roots)
    for row in sorted(rows.values(), key=lambda row: row.row):
        _decide(plan, row, existing)
    return plan


# ------------------------------------------------------------------ the tree


def _refuse_bad_parents(
    plan: Organisations,
    rows: dict[str, PlannedOrganisation],
    existing: Mapping[str, Organisation],
    parents: dict[str, str | None],
) -> None:
    """Refuse rows whose parent is unknown, wrong or refused itself, and rows in a circle."""
    column = column_of(plan, OrganisationField.PARENT_CODE)
    for row in list(rows.values()):
        circle = _circle(row.code, parents)
        if circle:
            plan.refuse(row.row, column, f"上级组织绕成了一圈：{' → '.join(circle)}")
            del rows[row.code]
    for code in set(parents) - set(rows):
        # What is refused stays where it stands.
        parents[code] = code_of_parent(existing[code], existing) if code in existing else None
    refused_before = True
    while refused_before:
        refused_before = False
        for row in list(rows.values()):
            reason = _fault_of_parent(row, rows, existing, parents)
            if reason:
                plan.refuse(row.row, column, reason)
                del rows[row.code]
                current = existing.get(row.code)
                parents[row.code] = code_of_parent(current, existing) if current else None
                refused_before = True


def _fault_of_parent(
    row: PlannedOrganisation,
    rows: Mapping[str, PlannedOrganisation],
    existing: Mapping[str, Organisation],
    parents: Mapping[str, str | None],
) -> str | None:
    if row.parent_code is None:
        if (row.kind.level or 1) > 1:
            return f"没有写上级组织（{row.kind.label}必须有上级）"
        return None
    above = rows.get(row.parent_code) or existing.get(row.parent_code)
    if above is None:
        if row.parent_code in parents:
            return f"上级组织“{row.parent_code}”那一行没有被接受"
        return f"没有编码为“{row.parent_code}”的上级组织"
    if not row.kind.may_stand_below(above.kind):
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
            plan.refuse(row.row, column_of(plan, OrganisationField.CODE), "不在您管理的组织范围内")
            del rows[row.code]


def _decide(
    plan: Organisations, row: PlannedOrganisation, existing: Mapping[str, Organisation]
) -> None:
    current = existing.get(row.code)
    if current is None:
        plan.created.append(row)
        return
    above = code_of_parent(current, existing)
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
            tree=Tree.GRID if row.kind == OrganisationKind.GRID else Tree.PARTY,
            path=f"/{row.code}/",
        )
        db.session.add(existing[row.code])
    db.session.flush()
    parents = {found.id: found for found in existing.values()}
    renamed: list[Organisation] = []
    for row in [*plan.created, *(change.planned for change in plan.changed)]:
        current = existing[row.code]
        if (current.name, current.short_name) != (row.name, row.short_name):
            renamed.append(current)
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
    named = [*(existing[row.code] for row in plan.created), *renamed]
    if named:
        tell_of_names(named)


def _path_of(found: Organisation, by_id: Mapping[int, Organisation]) -> str:
    codes = [found.code]
    while found.parent_id is not None:
        found = by_id[found.parent_id]
        codes.append(found.code)
    return f"/{'/'.join(reversed(codes))}/"
