"""Rows of a table of organisations, understood by themselves and by the names around them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.people.imports.columns import Table, understood
from portal.people.imports.fields import ORGANISATION_HEADERS, OrganisationField
from portal.people.imports.plan import Plan, Progress
from portal.people.imports.reading import Row, Sheet
from portal.people.imports.values import CellError, words
from portal.people.models import Organisation, OrganisationKind
from portal.people.models.organisation import LONGEST_CODE, LONGEST_NAME
from portal.people.services.tree_rules import is_code

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


@dataclass(frozen=True, slots=True)
class PlannedOrganisation:
    """A row that was understood; `parent_code` None is the top of the tree."""

    row: int
    code: str
    name: str
    short_name: str
    kind: OrganisationKind
    parent_code: str | None

    @property
    def number(self) -> int:
        """The row's number in the table."""
        return self.row

    @property
    def title(self) -> str:
        """Which organisation it is."""
        return self.name

    def told(self) -> tuple[tuple[str, str], ...]:
        """Return what a preview shows of the row: label and value."""
        return (
            (OrganisationField.CODE.label, self.code),
            (OrganisationField.NAME.label, self.name),
            (OrganisationField.KIND.label, self.kind.label),
            (OrganisationField.PARENT_CODE.label, self.parent_code or ""),
        )


Organisations = Plan[PlannedOrganisation]


def organisation_table(sheets: tuple[Sheet, ...]) -> Table:
    """Return the table with a column of codes and one of names; raise InvalidInputError."""
    required = [(OrganisationField.CODE,), (OrganisationField.NAME,)]
    return understood(sheets, headers=ORGANISATION_HEADERS, required=required)


def understood_rows(
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
                column_of(plan, OrganisationField.CODE),
                f"与第 {twin} 行的组织编码“{planned.code}”重复",
            )
        elif namesake is not None:
            plan.refuse(
                row.number,
                column_of(plan, OrganisationField.NAME),
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
            plan.refuse(row.number, column_of(plan, field), str(error))
            faults += 1
    if faults:
        return None
    code, name = values[OrganisationField.CODE], values[OrganisationField.NAME]
    if not code:
        plan.refuse(row.number, column_of(plan, OrganisationField.CODE), "没有组织编码")
        return None
    if not is_code(code):
        plan.refuse(
            row.number,
            column_of(plan, OrganisationField.CODE),
            f"编码“{code}”里只能有文字、数字、点和短横",
        )
        return None
    if not name:
        plan.refuse(row.number, column_of(plan, OrganisationField.NAME), "没有组织名称")
        return None
    current = existing.get(code)
    kind = _kind(values.get(OrganisationField.KIND, ""), name, current)
    if kind is None:
        shown = values.get(OrganisationField.KIND) or name
        plan.refuse(
            row.number, column_of(plan, OrganisationField.KIND), f"“{shown}”看不出是哪一类组织"
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
            plan.refuse(planned.row, column_of(plan, OrganisationField.PARENT_NAME), reason)
            return None
        code = next(iter(bearing))
    if not code and not _has_parentcolumn_of(plan):
        code = (code_of_parent(current, existing) or "") if current else ""
    return replace(planned, parent_code=code or None)


def _has_parentcolumn_of(plan: Organisations) -> bool:
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


def code_of_parent(found: Organisation, existing: Mapping[str, Organisation]) -> str | None:
    """Return the code of the organisation above, as the path says; None at the top."""
    parts = found.path.strip("/").split("/")
    return parts[-2] if len(parts) > 1 and parts[-2] in existing else None


def column_of(plan: Organisations, field: OrganisationField) -> str:
    """Return how the reader knows a field's column."""
    return plan.table.layout.column_of(field)
