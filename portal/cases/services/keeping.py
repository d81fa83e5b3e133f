"""What is kept of a case beside its steps: facts, links, papers, codes, filters, limits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, or_, select, update

from portal import clock
from portal.audit import services as audit
from portal.cases import codes, queries
from portal.cases.models import (
    ASKERS_KEPT,
    IN_WORKING_DAYS,
    OVER,
    AskerSight,
    Case,
    CaseHelper,
    CaseKind,
    CaseLevel,
    CaseLimit,
    CaseLink,
    CaseMaterial,
    CaseOpening,
    CaseSource,
    Counting,
    LimitKey,
    Move,
    Openness,
    SavedFilter,
)
from portal.cases.services.registering import Asker
from portal.cases.services.writing import index, note
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.materials.models import Material
from portal.people.edit_history import check_version, differences
from portal.people.models import Organisation, Person

MOST_FILTERS = 12
LABELS = {
    "kind": "类别",
    "source": "来源",
    "level": "层级",
    "place": "地点",
    "category": "事项分类",
    "organisation": "所在组织",
    "helpers": "协办单位",
    "asker": "诉求人",
}


@dataclass(frozen=True)
class Facts:
    """What may be put right afterwards; never the words."""

    kind: CaseKind
    source: CaseSource
    level: CaseLevel
    place: str
    category: str
    organisation: Organisation
    helpers: tuple[Organisation, ...]
    asker: Asker


def facts_of(case: Case) -> Facts:
    """Return what stands there now."""
    return Facts(
        kind=case.kind,
        source=case.source,
        level=case.level,
        place=case.place,
        category=case.category,
        organisation=case.organisation,
        helpers=tuple(helper.organisation for helper in case.helpers),
        asker=Asker(case.asker_sight, case.asker_name, case.asker_phone, case.asker_id),
    )


def edit(*, case: Case, facts: Facts, version: int | None, actor: Person) -> bool:
    """Put facts right; return whether anything changed. Raises ChangedMeanwhileError."""
    check_version(case, version)
    before, after = _words(facts_of(case)), _words(facts)
    changed = differences(before, after, LABELS)
    if not changed:
        return False
    case.kind, case.source, case.level = facts.kind, facts.source, facts.level
    case.place, case.category = facts.place, facts.category
    if case.organisation is not facts.organisation and case.openness is Openness.COMMUNITY:
        # Whose members may read it was decided for where it stood before.
        case.opening = None
    case.organisation = facts.organisation
    _set_helpers(case, facts.helpers)
    asker = facts.asker
    is_anonymous = asker.sight is AskerSight.ANONYMOUS
    case.asker_sight = asker.sight
    case.asker_name = "" if is_anonymous else asker.name
    case.asker_phone = "" if is_anonymous else asker.phone
    if is_anonymous:
        case.asker_id = None
    case.updated_at = clock.now()
    db.session.flush()
    index(case)
    # Who asked is personal: that it changed is noted, not from what to what.
    noted = {label: pair for label, pair in changed.items() if label != LABELS["asker"]}
    if LABELS["asker"] in changed:
        noted[LABELS["asker"]] = ["", "已修改"]
    audit.record("case.edit", case, actor=actor, version=case.version, changes=noted)
    return True


def _words(facts: Facts) -> dict[str, object]:
    return {
        **{name: getattr(facts, name) for name in ("kind", "source", "level", "place", "category")},
        "organisation": facts.organisation.short_name,
        "helpers": "、".join(sorted(one.short_name for one in facts.helpers)),
        "asker": str(asdict(facts.asker)),
    }


def _set_helpers(case: Case, wanted: Sequence[Organisation]) -> None:
    ids = {one.id for one in wanted if one.id != case.lead_id}
    known = {helper.organisation_id: helper for helper in case.helpers}
    for organisation_id, helper in known.items():
        if organisation_id not in ids:
            case.helpers.remove(helper)
    for one in wanted:
        if one.id in ids - known.keys():
            case.helpers.append(CaseHelper(organisation=one))


def open_up(*, case: Case, openness: Openness, actor: Person) -> bool:
    """Say who may read the case beside the units that handle it; return whether that is new."""
    if openness is case.openness:
        return False
    if openness is Openness.UNITS:
        case.opening = None
    else:
        whose = queries.community_of(case.organisation) if openness is Openness.COMMUNITY else None
        opening = case.opening or CaseOpening(case_id=case.id)
        opening.openness, opening.organisation = openness, whose
        opening.decided_by_id, opening.decided_at = actor.id, clock.now()
        case.opening = opening
    note(case, Move.SUPPLEMENT, actor=actor, words=f"公开范围改为：{openness.label}")
    index(case)
    audit.record("case.opened_up", case, actor=actor, openness=openness.label)
    return True


def link(*, case: Case, other: Case, actor: Person) -> bool:
    """Link two cases that are about the same; both go on. Return whether that is new."""
    if case.id == other.id:
        raise InvalidInputError("不能和自己关联。")
    if queries.find_link(case.id, other.id) is not None:
        return False
    first, second = sorted((case.id, other.id))
    db.session.add(
        CaseLink(case_id=first, other_id=second, linked_by_id=actor.id, linked_at=clock.now())
    )
    db.session.flush()
    audit.record("case.link", case, actor=actor, other=other.number)
    return True


def unlink(*, case: Case, other: Case, actor: Person) -> None:
    """Take the link away; both cases stay."""
    known = queries.find_link(case.id, other.id)
    if known is not None:
        db.session.delete(known)
        db.session.flush()
        audit.record("case.unlink", case, actor=actor, other=other.number)


def attach(*, case: Case, materials: Sequence[Material], actor: Person) -> list[Material]:
    """Attach materials; return those that are new."""
    known = {material.id for material in queries.attached(case.id)}
    new = [material for material in materials if material.id not in known]
    now = clock.now()
    for material in new:
        db.session.add(
            CaseMaterial(
                case_id=case.id, material_id=material.id, attached_by_id=actor.id, attached_at=now
            )
        )
    db.session.flush()
    for material in new:
        audit.record("case.attach", case, actor=actor, material=material.id, title=material.title)
    return new


def take_off(*, case: Case, material_id: int, actor: Person) -> None:
    """Take a material off the case; it stays in the library."""
    db.session.execute(
        delete(CaseMaterial).where(
            CaseMaterial.case_id == case.id, CaseMaterial.material_id == material_id
        )
    )
    audit.record("case.detach", case, actor=actor, material=material_id)


def renew_code(*, case: Case, actor: Person) -> str:
    """Give the asker a new code; the old one opens nothing any more. It is shown this once."""
    if case.state in OVER and case.asker_forgotten_at is not None:
        raise ConflictError("诉求人的资料已按规定清除，不再发放查询码。")
    code = codes.new_code()
    case.code_hash = codes.hash_of(code)
    db.session.flush()
    audit.record("case.code_renewed", case, actor=actor, version=case.version)
    return code


def note_asker_shown(*, case: Case, actor: Person) -> None:
    """Note who asked for the asker's name and whole number."""
    audit.record("case.asker_shown", case, actor=actor)


def note_export(*, count: int, asked: str, actor: Person) -> None:
    """Note who has taken a list out of the portal, and which."""
    audit.record("case.exported", "cases", actor=actor, count=count, filters=asked)


def keep_filter(*, name: str, asked: str, actor: Person) -> None:
    """Keep filters under a name; the same name replaces what it stood for."""
    if not name:
        raise InvalidInputError("给这组条件起个名字，例如：海口路红牌。", field="name")
    if len(name) > 30 or len(asked) > 300:
        raise InvalidInputError("名字最多 30 个字。", field="name")
    kept = queries.saved_filters(actor)
    known = next((one for one in kept if one.name == name), None)
    if known is not None:
        known.asked = asked
    elif len(kept) >= MOST_FILTERS:
        raise InvalidInputError(f"最多保存 {MOST_FILTERS} 组条件，请先删去用不着的。", field="name")
    else:
        db.session.add(SavedFilter(person_id=actor.id, name=name, asked=asked))
    db.session.flush()


def drop_filter(*, filter_id: int, actor: Person) -> None:
    """Forget filters of one's own."""
    db.session.execute(
        delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.person_id == actor.id)
    )


def set_limit(
    *,
    organisation: Organisation,
    key: LimitKey,
    amount: int,
    counting: Counting,
    valid_from: date,
    source: str,
    actor: Person,
) -> None:
    """Lay down a limit from a day on; what is under way keeps the deadline that it was given."""
    if not 1 <= amount <= 365:
        raise InvalidInputError("数量要在 1 到 365 之间。", field="amount")
    if key in IN_WORKING_DAYS and counting is not Counting.WORKING_DAYS:
        raise InvalidInputError(f"“{key.label}”按工作日计算。", field="counting")
    if not source:
        raise InvalidInputError("请写明依据的文件或规定。", field="source")
    known = db.session.scalars(
        select(CaseLimit).where(
            CaseLimit.organisation_id == organisation.id,
            CaseLimit.key == key,
            CaseLimit.valid_from == valid_from,
        )
    ).one_or_none()
    values: dict[str, Any] = {
        "amount": amount,
        "counting": counting,
        "source": source,
        "set_by_id": actor.id,
        "set_at": clock.now(),
    }
    if known is None:
        known = CaseLimit(organisation_id=organisation.id, key=key, valid_from=valid_from, **values)
        db.session.add(known)
    else:
        for name, value in values.items():
            setattr(known, name, value)
    db.session.flush()
    audit.record(
        "case.limit_set",
        known,
        actor=actor,
        limit=key.label,
        amount=f"{amount} {counting.label}",
        since=valid_from,
    )


def forget_askers() -> int:
    """Delete who asked, of cases that were over half a year ago; return of how many."""
    before = clock.now() - ASKERS_KEPT
    gone = (
        update(Case)
        .where(
            Case.state.in_(OVER),
            Case.closed_at < before,
            Case.asker_forgotten_at.is_(None),
            or_(
                Case.asker_name != "",
                Case.asker_phone != "",
                Case.asker_id.is_not(None),
                Case.code_hash.is_not(None),
            ),
        )
        .values(
            asker_name="",
            asker_phone="",
            asker_id=None,
            code_hash=None,
            asker_forgotten_at=clock.now(),
        )
    )
    done: Any = db.session.execute(
        gone, execution_options={"synchronize_session": False, "preserve_rowcount": True}
    )
    count = int(done.rowcount)
    if count:
        audit.record("case.askers_forgotten", "cases", actor=None, count=count)
    return count
