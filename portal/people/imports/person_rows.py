"""A row of a roster, understood by itself: before anybody is looked up."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

from portal.people.imports.columns import Table, understood
from portal.people.imports.fields import PERSON_HEADERS, PersonField
from portal.people.imports.plan import Plan
from portal.people.imports.reading import Cell, Row, Sheet
from portal.people.imports.values import (
    CellError,
    joining_day,
    phone_number,
    plain,
    words,
    year_of_birth,
)
from portal.people.models import Gender
from portal.people.models.organisation import LONGEST_CODE, LONGEST_NAME
from portal.people.naming import name_fault, written_name

Value = TypeVar("Value")

_LONGEST_WORK_UNIT = 80
_LONGEST_POST = 60
_LONGEST_NOTE = 200
_LONGEST_PARTY_POST = 40
# What stands in the column of those who hold none.
_NO_POSTS = frozenset({"党员", "普通党员", "正式党员", "预备党员"})
_BETWEEN_POSTS = re.compile(r"[、,，;；/\s]+")
_GENDERS = {
    "男": Gender.MALE,
    "男性": Gender.MALE,
    "male": Gender.MALE,
    "女": Gender.FEMALE,
    "女性": Gender.FEMALE,
    "female": Gender.FEMALE,
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """What a row says; an empty value says nothing. `party_posts` None: no such column."""

    row: int
    name: str
    organisation_id: int
    organisation_name: str
    organisation_path: str
    gender: Gender | None
    birth_year: int | None
    joined_on: date | None
    phone: str
    work_unit: str
    post: str
    note: str
    party_posts: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation as a roster may name it."""

    id: int
    code: str
    name: str
    path: str


class OrganisationIndex:
    """Finds the organisation that a roster means by its code or its full name."""

    def __init__(self, organisations: list[KnownOrganisation]) -> None:
        self._by_code = {known.code: known for known in organisations}
        self._by_name: dict[str, list[KnownOrganisation]] = {}
        for known in organisations:
            self._by_name.setdefault(_without_spaces(known.name), []).append(known)
        self._nearest: dict[str, str] = {}

    def named(self, code: str, name: str) -> KnownOrganisation:
        """Return the organisation; raise CellError with the reason, and the nearest name."""
        if code:
            if code not in self._by_code:
                raise CellError(f"没有编码为“{code}”的组织")
            return self._by_code[code]
        found = self._by_name.get(_without_spaces(name), [])
        if len(found) > 1:
            raise CellError(f"有几个组织都叫“{name}”，请加一列组织编码")
        if not found:
            raise CellError(f"没有“{name}”这个组织{self._guess(name)}")
        return found[0]

    def _guess(self, name: str) -> str:
        """Return the nearest name as a question; one with another number is another one."""
        if name not in self._nearest:
            near = get_close_matches(_without_spaces(name), self._by_name, n=3, cutoff=0.85)
            near = [other for other in near if _numbers(other) == _numbers(name)]
            self._nearest[name] = f"，是不是“{self._by_name[near[0]][0].name}”？" if near else ""
        return self._nearest[name]


def person_table(sheets: tuple[Sheet, ...]) -> Table:
    """Return the table with names and branches; raise InvalidInputError when there is none."""
    required = [
        (PersonField.NAME,),
        (PersonField.ORGANISATION, PersonField.ORGANISATION_CODE),
    ]
    return understood(sheets, headers=PERSON_HEADERS, required=required)


def understood_row(
    plan: Plan[Any], row: Row, *, organisations: OrganisationIndex, today: date
) -> PersonRow | None:
    """Return what a row says, or refuse it for every cell that cannot be believed."""
    reader = _CellReader(plan, row)
    name, remarks = reader.name()
    found = reader.organisation(organisations)
    gender = reader.gender(remarks)
    birth_year = reader.taken(PersonField.BIRTH_YEAR, lambda cell: year_of_birth(cell, today=today))
    joined_on = reader.taken(PersonField.JOINED_ON, lambda cell: joining_day(cell, today=today))
    phone = reader.taken(PersonField.PHONE, phone_number)
    work_unit = reader.words(PersonField.WORK_UNIT, most=_LONGEST_WORK_UNIT)
    post = reader.words(PersonField.POST, most=_LONGEST_POST)
    note = reader.words(PersonField.NOTE, most=_LONGEST_NOTE)
    party_posts = reader.party_posts()
    if reader.faults or found is None:
        return None
    others = "、".join(remark for remark in remarks if remark.casefold() not in _GENDERS)
    return PersonRow(
        row=row.number,
        name=name,
        organisation_id=found.id,
        organisation_name=found.name,
        organisation_path=found.path,
        gender=gender,
        birth_year=birth_year,
        joined_on=joined_on,
        phone=phone or "",
        work_unit=work_unit,
        post=post,
        note=note or others[:_LONGEST_NOTE],
        party_posts=party_posts,
    )


class _CellReader:
    """Takes the cells of one row; what cannot be taken is refused with its column."""

    def __init__(self, plan: Plan[Any], row: Row) -> None:
        self._plan = plan
        self._row = row
        self.faults = 0

    def has(self, field: PersonField) -> bool:
        return field in self._plan.table.layout.places

    def refuse(self, field: PersonField, reason: str) -> None:
        self.faults += 1
        column = self._plan.table.layout.column_of(field)
        self._plan.refuse(self._row.number, column, reason)

    def cell(self, field: PersonField) -> Cell:
        place = self._plan.table.layout.places.get(field)
        return None if place is None else self._row.cell(place)

    def taken(self, field: PersonField, take: Callable[[Cell], Value]) -> Value | None:
        try:
            return take(self.cell(field))
        except CellError as error:
            self.refuse(field, str(error))
            return None

    def words(self, field: PersonField, *, most: int) -> str:
        return self.taken(field, lambda cell: words(cell, most=most)) or ""

    def name(self) -> tuple[str, tuple[str, ...]]:
        text = self.taken(PersonField.NAME, plain)
        if text is None:
            return "", ()
        written = written_name(text)
        fault = name_fault(written.name)
        if fault:
            self.refuse(PersonField.NAME, fault)
        return written

    def organisation(self, organisations: OrganisationIndex) -> KnownOrganisation | None:
        before = self.faults
        code = self.words(PersonField.ORGANISATION_CODE, most=LONGEST_CODE)
        name = self.words(PersonField.ORGANISATION, most=LONGEST_NAME)
        field = PersonField.ORGANISATION_CODE if code else PersonField.ORGANISATION
        if self.faults > before:
            return None
        if not code and not name:
            self.refuse(field, "没有写所在党组织")
            return None
        try:
            return organisations.named(code, name)
        except CellError as error:
            self.refuse(field, str(error))
            return None

    def gender(self, remarks: tuple[str, ...]) -> Gender | None:
        text = self.taken(PersonField.GENDER, plain) or ""
        if text:
            if text.casefold() not in _GENDERS:
                self.refuse(PersonField.GENDER, f"“{text[:20]}”不是男或女")
            return _GENDERS.get(text.casefold())
        return next(
            (_GENDERS[mark.casefold()] for mark in remarks if mark.casefold() in _GENDERS), None
        )

    def party_posts(self) -> tuple[str, ...] | None:
        if not self.has(PersonField.PARTY_POST):
            return None
        text = self.words(PersonField.PARTY_POST, most=_LONGEST_NOTE)
        titles = tuple(dict.fromkeys(title for title in _BETWEEN_POSTS.split(text) if title))
        if any(len(title) > _LONGEST_PARTY_POST for title in titles):
            self.refuse(PersonField.PARTY_POST, f"一个职务最多 {_LONGEST_PARTY_POST} 个字")
        return tuple(title for title in titles if title not in _NO_POSTS)


def _numbers(name: str) -> list[str]:
    return [mark for mark in name if mark.isnumeric()]


def _without_spaces(name: str) -> str:
    return "".join(name.split())
