"""A list of names from a file, matched with the roster: what is found, asked about, unknown.

Reading writes nothing: the host looks at what was found and confirms, and only then is
anybody invited. The same file once more finds everybody on the list already.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select

from portal.database import db
from portal.errors import InvalidInputError
from portal.events.invitation_queries import within_reach
from portal.events.models import Event, EventInvitation
from portal.people.imports.reading import Row, Sheet, cell_text, read_sheets
from portal.people.models import Person
from portal.people.naming import written_name

MOST_ROWS = 500
# The header is looked for in so many rows; without one, names stand in the first column.
_HEADER_WITHIN = 20
_NAMES = ("姓名", "名字", "人员", "人员姓名", "参加人", "参会人员")
_PHONES = ("手机尾号", "尾号", "手机号", "手机", "手机号码", "电话", "联系电话")
_UNITS = ("所在党支部", "党支部", "支部", "所在支部", "单位", "工作单位", "组织", "所在组织")
_SHORTEST_TAIL = 3


class Line(NamedTuple):
    """One line of the list as written: its number in the file, and what it says."""

    number: int
    name: str
    phone: str
    unit: str

    @property
    def words(self) -> str:
        """The line as the host is shown it."""
        return " ".join(part for part in (self.name, self.phone, self.unit) if part)


@dataclass
class Matched:
    """What became of a file: `doubtful` are to be chosen from, `known` are invited already."""

    found: list[Person] = field(default_factory=list)
    doubtful: list[tuple[str, list[Person]]] = field(default_factory=list)
    unknown: list[Line] = field(default_factory=list)
    known: int = 0


def match(content: bytes, *, actor: Person, event: Event) -> Matched:
    """Match the lines of an .xlsx or .csv with the people within the actor's reach.

    A phone or its last digits, and the unit, decide between people of one name; where they
    contradict the roster, or leave several, the host is asked. Raise InvalidInputError for a
    file that is no list, or that holds more than 500 names.
    """
    lines = lines_of(read_sheets(content))
    if not lines:
        raise InvalidInputError("文件里没有读到姓名。请检查有没有“姓名”一列。", field="file")
    if len(lines) > MOST_ROWS:
        raise InvalidInputError(
            f"一次最多 {MOST_ROWS} 人，文件里有 {len(lines)} 人，请分几次上传。", field="file"
        )
    wanted = within_reach(actor).where(Person.name.in_({line.name for line in lines}))
    people = db.session.scalars(wanted.order_by(Person.pinyin_key, Person.id)).all()
    invited = select(EventInvitation.person_id).where(EventInvitation.event_id == event.id)
    return sorted_out(lines, people, set(db.session.scalars(invited)))


def sorted_out(
    lines: Sequence[Line], people: Sequence[Person], invited: Collection[int]
) -> Matched:
    """Return what becomes of the lines; nobody is found twice."""
    result, seen, known = Matched(), set[int](), set[int]()
    for line in lines:
        candidates = [person for person in people if person.name == line.name]
        fitting = [person for person in candidates if _fits(person, line)]
        if not candidates:
            result.unknown.append(line)
        elif len(fitting) == 1:
            (person,) = fitting
            if person.id in invited:
                known.add(person.id)
            elif person.id not in seen:
                seen.add(person.id)
                result.found.append(person)
        elif already := {p.id for p in fitting or candidates}.intersection(invited):
            known |= already
        else:
            result.doubtful.append((line.words, fitting or candidates))
    result.known = len(known)
    return result


def lines_of(sheets: Sequence[Sheet]) -> list[Line]:
    """Return the lines of the first sheet that has names, each line once."""
    for sheet in sheets:
        lines = list(dict.fromkeys(_lines(sheet)))
        if lines:
            return lines
    return []


def _lines(sheet: Sheet) -> list[Line]:
    header, places = _header(sheet)
    found = []
    for row in sheet.rows[header:]:
        name = written_name(_text(row, places.get("name"))).name
        if name and name not in _NAMES:
            phone = "".join(mark for mark in _text(row, places.get("phone")) if mark.isdigit())
            found.append(Line(row.number, name[:80], phone[:20], _text(row, places.get("unit"))))
    return found


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Return from which row on names stand, and in which columns what stands."""
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        words = [cell_text(cell).replace(" ", "") for cell in row.cells]
        if any(word in _NAMES for word in words):
            named = {"name": _NAMES, "phone": _PHONES, "unit": _UNITS}
            return place + 1, {
                what: at
                for what, names in named.items()
                for at, word in reversed(list(enumerate(words)))
                if word in names
            }
    return 0, {"name": 0}


def _text(row: Row, place: int | None) -> str:
    return "" if place is None else cell_text(row.cell(place)).strip()[:80]


def _fits(person: Person, line: Line) -> bool:
    """Whether phone and unit, as far as the line tells them, are the person's."""
    if line.phone and not (
        len(line.phone) >= _SHORTEST_TAIL and (person.phone or "").endswith(line.phone)
    ):
        return False
    return not line.unit or any(
        line.unit in membership.organisation.name or membership.organisation.name in line.unit
        for membership in person.memberships
    )
