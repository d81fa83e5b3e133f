"""A roster against the people whom the portal knows: who is new, who changes, who is refused.

The same person is, surest first: same name and phone; same name, year of birth and day of
joining; same name and branch where nothing known contradicts. A cell that is empty leaves
what is known alone; the column of party posts is the exception: it says all posts that
somebody holds in the branch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.people.imports.columns import Table
from portal.people.imports.fields import PersonField
from portal.people.imports.known import (
    KnownPerson,
    known_organisations,
    known_people,
    names_by_phone,
)
from portal.people.imports.person_rows import PersonRow, understood_row
from portal.people.imports.plan import Change, Difference, Plan, Progress, differences
from portal.people.models import Gender, PersonKind

Matches = dict[int, KnownPerson]


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """A row that is taken, and whom it changes (None: somebody new)."""

    row: PersonRow
    known: KnownPerson | None

    @property
    def number(self) -> int:
        """The row's number in the table."""
        return self.row.row

    @property
    def title(self) -> str:
        """Who it is."""
        return self.row.name

    def told(self) -> tuple[tuple[str, str], ...]:
        """Return what a preview shows of the row: label and value."""
        row = self.row
        return (
            (PersonField.NAME.label, row.name),
            (PersonField.ORGANISATION.label, row.organisation_name),
            (PersonField.PARTY_POST.label, "、".join(row.party_posts or ())),
            (PersonField.JOINED_ON.label, _day(row.joined_on)),
            (PersonField.PHONE.label, masked(row.phone)),
            (PersonField.WORK_UNIT.label, row.work_unit),
        )


People = Plan[PlannedPerson]


def plan_people(
    table: Table,
    *,
    today: date,
    roots: tuple[str, ...] | None = None,
    progress: Progress = lambda _rows: None,
    to_change: bool = False,
) -> People:
    """Return what the roster would create, change, leave and refuse; nothing is written.

    `roots`, paths of organisations, limit a reader to subtrees; None is everybody.
    `progress` hears of each row. `to_change` holds those who are known until they are written.
    """
    plan: People = Plan(table)
    organisations = known_organisations(today)
    understood: list[PersonRow] = []
    for row in table.rows:
        progress(1)
        taken = understood_row(plan, row, organisations=organisations, today=today)
        if taken is not None and (roots is None or _is_within(plan, taken, roots)):
            understood.append(taken)
    rows = _without_repeats(plan, understood)
    names = {row.name for row in rows}
    matches = _matches(plan, rows, known_people(names, today=today, to_change=to_change))
    _refuse_renamed(plan, rows, matches)
    refused = {refusal.row for refusal in plan.refusals}
    for person_row in rows:
        if person_row.row in refused:
            continue
        known = matches.get(person_row.row)
        if known is None or _may_change(plan, person_row, known, roots):
            _decide(plan, person_row, known)
    return plan


def _is_within(plan: People, row: PersonRow, roots: tuple[str, ...]) -> bool:
    within = row.organisation_path.startswith(roots)
    if not within:
        reason = f"“{row.organisation_name}”不在您管理的组织范围内"
        plan.refuse(row.row, plan.table.layout.column_of(PersonField.ORGANISATION), reason)
    return within


def _may_change(
    plan: People, row: PersonRow, known: KnownPerson, roots: tuple[str, ...] | None
) -> bool:
    """An old roster brings nobody back to life; nobody is taken out of a branch of others."""
    layout = plan.table.layout
    if known.is_deceased:
        plan.refuse(row.row, layout.column_of(PersonField.NAME), "此人已登记为去世")
        return False
    path = known.organisation_path
    if roots is not None and path and not path.startswith(roots):
        reason = f"此人现在“{known.organisation_name}”，请由原组织或街道办理转接"
        plan.refuse(row.row, layout.column_of(PersonField.ORGANISATION), reason)
        return False
    reason = _fault_of_move(row, known)
    if reason:
        plan.refuse(row.row, layout.column_of(PersonField.ORGANISATION), reason)
    return not reason


def _fault_of_move(row: PersonRow, known: KnownPerson) -> str:
    """Nobody is moved today whose relation is noted to end or begin on a day to come."""
    if row.organisation_id == known.organisation_id:
        return ""
    if known.joins_on is not None:
        return f"此人的组织关系从{_day(known.joins_on)}起在“{known.joins}”，请到那天以后再导入"
    if known.member_until is not None:
        until = _day(known.member_until)
        return f"此人在“{known.organisation_name}”的组织关系到{until}为止，请在那以后再导入"
    return ""


# ------------------------------------------------------------------ repeated rows


def _without_repeats(plan: People, rows: Sequence[PersonRow]) -> list[PersonRow]:
    """Return the rows without those that name somebody a second time; the first one counts."""
    by_phone: dict[tuple[str, str], PersonRow] = {}
    by_data: dict[tuple[object, ...], PersonRow] = {}
    kept: list[PersonRow] = []
    for row in rows:
        data = (row.name, row.organisation_id, row.birth_year, row.joined_on, row.gender)
        first = by_phone.get((row.name, row.phone)) if row.phone else None
        if first is None:
            same = by_data.get(data)
            if same is not None and (not same.phone or not row.phone):
                first = same
        if first is not None:
            plan.refuse(row.row, plan.table.layout.column_of(PersonField.NAME), _repeat(first, row))
            continue
        if row.phone:
            by_phone[row.name, row.phone] = row
        by_data.setdefault(data, row)
        kept.append(row)
    return kept


def _repeat(first: PersonRow, row: PersonRow) -> str:
    if first.organisation_id != row.organisation_id:
        return f"与第 {first.row} 行是同一个人（姓名、手机相同），所在党组织却不同"
    return f"与第 {first.row} 行重复"


# ------------------------------------------------------------------ who is who


def _matches(
    plan: People, rows: Sequence[PersonRow], known: Mapping[str, list[KnownPerson]]
) -> Matches:
    """Return whom each row means; a row that could mean two people is refused."""
    matches: Matches = {}
    taken: dict[int, int] = {}
    ambiguous: set[int] = set()
    for is_same in (_same_phone, _same_dates, _same_branch):
        for row in rows:
            if row.row in matches or row.row in ambiguous:
                continue
            found = [
                candidate
                for candidate in known.get(row.name, ())
                if candidate.id not in taken and is_same(row, candidate)
            ]
            if len(found) == 1:
                matches[row.row] = found[0]
                taken[found[0].id] = row.row
            elif found:
                ambiguous.add(row.row)
                reason = f"有 {len(found)} 位同名的“{row.name}”，分不清是哪一位，请写上手机号码"
                plan.refuse(row.row, plan.table.layout.column_of(PersonField.NAME), reason)
    return matches


def _same_phone(row: PersonRow, known: KnownPerson) -> bool:
    return bool(row.phone) and row.phone == known.phone


def _same_dates(row: PersonRow, known: KnownPerson) -> bool:
    return (
        known.kind == PersonKind.MEMBER
        and None not in (row.birth_year, row.joined_on)
        and (row.birth_year, row.joined_on) == (known.birth_year, known.joined_on)
    )


def _same_branch(row: PersonRow, known: KnownPerson) -> bool:
    if row.organisation_id not in {known.organisation_id, known.joins_id}:
        return False
    pairs = (
        (row.birth_year, known.birth_year),
        (row.joined_on, known.joined_on),
        (row.gender, known.gender),
    )
    if any(None not in pair and pair[0] != pair[1] for pair in pairs):
        return False
    is_same_year = row.birth_year is not None and row.birth_year == known.birth_year
    return is_same_year or not row.phone or not known.phone


def _refuse_renamed(plan: People, rows: Sequence[PersonRow], matches: Matches) -> None:
    """Refuse a new name for somebody known: a corrected character must not make a double."""
    new = [row for row in rows if row.row not in matches and row.phone]
    names = names_by_phone({row.phone for row in new})
    for row in new:
        if row.birth_year is None or row.joined_on is None:
            continue
        name = names.get((row.phone, row.birth_year, row.joined_on))
        if name is not None and name != row.name:
            reason = f"手机、出生年份、入党时间都与“{name}”相同；如果是改名，请先在人员页修改姓名"
            plan.refuse(row.row, plan.table.layout.column_of(PersonField.NAME), reason)


# ------------------------------------------------------------------ what changes


def _decide(plan: People, row: PersonRow, known: KnownPerson | None) -> None:
    if known is None:
        plan.created.append(PlannedPerson(row, None))
        return
    changed = _changes(row, known)
    if changed:
        plan.changed.append(Change(PlannedPerson(row, known), changed))
    else:
        plan.unchanged += 1


def _changes(row: PersonRow, known: KnownPerson) -> tuple[Difference, ...]:
    pairs = [
        ("身份", known.kind.label, PersonKind.MEMBER.label),
        _pair(PersonField.ORGANISATION, known.organisation_name, row.organisation_name),
        _pair(PersonField.GENDER, _word(known.gender), _word(row.gender)),
        _pair(PersonField.BIRTH_YEAR, str(known.birth_year or ""), str(row.birth_year or "")),
        _pair(PersonField.JOINED_ON, _day(known.joined_on), _day(row.joined_on)),
        _pair(PersonField.PHONE, known.phone, row.phone),
        _pair(PersonField.WORK_UNIT, known.work_unit, row.work_unit),
        _pair(PersonField.POST, known.post, row.post),
        _pair(PersonField.NOTE, known.note, row.note),
    ]
    if known.organisation_id != row.organisation_id:
        pairs[1] = (
            PersonField.ORGANISATION.label,
            known.organisation_name or "无",
            row.organisation_name,
        )
    before = "、".join(sorted(known.posts)) or "无"
    after = before if row.party_posts is None else "、".join(sorted(row.party_posts)) or "无"
    if known.organisation_id != row.organisation_id and row.party_posts is None:
        after = "无"  # a post stays behind with the branch it is held in
    pairs.append((PersonField.PARTY_POST.label, before, after))
    return tuple(_without_phone(difference) for difference in differences(pairs))


def _without_phone(difference: Difference) -> Difference:
    if difference.label != PersonField.PHONE.label:
        return difference
    return Difference(difference.label, masked(difference.old), masked(difference.new))


def masked(phone: str) -> str:
    """Return a phone as lists show it: 138****1234; what is not one, as it is."""
    return f"{phone[:3]}****{phone[-4:]}" if phone.isdigit() and len(phone) >= 8 else phone


def _pair(field: PersonField, old: str, new: str) -> tuple[str, str, str]:
    """Return a field before and after; an empty cell changes nothing."""
    return (field.label, old or "无", new) if new else (field.label, old, old)


def _word(gender: Gender | None) -> str:
    return gender.label if gender else ""


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
