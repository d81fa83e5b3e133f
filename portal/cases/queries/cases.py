"""One case, and what hangs on it."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import joinedload

from portal.cases.models import (
    OVER,
    Case,
    CaseHelper,
    CaseLink,
    CaseMaterial,
    CaseOpening,
    CaseStatement,
    CaseStep,
    SavedFilter,
)
from portal.cases.queries.opened import open_to
from portal.cases.queries.visible import visible_to
from portal.database import db
from portal.errors import NotFoundError
from portal.materials.models import Material
from portal.people.readers import Somebody

SEARCH_KIND = "case"
UNKNOWN = "没有找到这件事，可能不在您负责的范围。"


def _whole() -> Select[Case]:
    return select(Case).options(
        joinedload(Case.organisation),
        joinedload(Case.lead),
        joinedload(Case.lead_person),
        joinedload(Case.opened_by),
        joinedload(Case.called_back_by),
        joinedload(Case.event),
        joinedload(Case.statement),
        joinedload(Case.opening).joinedload(CaseOpening.organisation),
        joinedload(Case.helpers).joinedload(CaseHelper.organisation),
    )


def case(case_id: int) -> Case:
    """Return one case with its units; raise NotFoundError."""
    return _found(_whole().where(Case.id == case_id))


def case_seen_by(person: Somebody, case_id: int, *, to_change: bool = False) -> Case:
    """Return the case if the person sees it; raise NotFoundError else, as if there were none.

    Its row is locked when it is `to_change`.
    """
    wanted = _whole().where(Case.id == case_id, visible_to(person))
    if to_change:
        wanted = wanted.with_for_update(of=Case)
    return _found(wanted)


def find_asked_by(person: Somebody, case_id: int) -> Case | None:
    """Return the case if the person asked it under the own name."""
    return _find(_whole().where(Case.id == case_id, Case.asker_id == person.id))


def is_in_charge(person: Somebody) -> bool:
    """Return whether a case that is not over names the person as in charge."""
    named = exists().where(Case.lead_person_id == person.id, Case.state.not_in(OVER))
    return bool(db.session.scalar(select(named)))


def find_open_to(person: Somebody, case_id: int) -> Case | None:
    """Return the case if it is open to the person, whose business it is not."""
    return _find(_whole().where(Case.id == case_id, open_to(person)))


def find_by_code(code_hash: str, *, to_change: bool = False) -> Case | None:
    """Return the case that a code opens."""
    wanted = _whole().where(Case.code_hash == code_hash)
    if to_change:
        wanted = wanted.with_for_update(of=Case)
    return _find(wanted)


def _find(wanted: Select[Case]) -> Case | None:
    return db.session.scalars(wanted).unique().one_or_none()


def _found(wanted: Select[Case]) -> Case:
    found = _find(wanted)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def steps_of(case_id: int) -> Sequence[CaseStep]:
    """Return the log of a case from its beginning."""
    return db.session.scalars(
        select(CaseStep)
        .where(CaseStep.case_id == case_id)
        .order_by(CaseStep.id)
        .options(joinedload(CaseStep.actor), joinedload(CaseStep.unit))
    ).all()


def cases_made_of(statement_ids: Sequence[int], person: Somebody) -> dict[int, tuple[Case, bool]]:
    """Return the case that each statement has become, and whether the person sees it."""
    seen = visible_to(person).label("is_seen")
    rows = db.session.execute(
        select(CaseStatement.statement_id, Case, seen)
        .join(Case, Case.id == CaseStatement.case_id)
        .where(CaseStatement.statement_id.in_(statement_ids))
    )
    return {statement_id: (case, bool(is_seen)) for statement_id, case, is_seen in rows}


def find_link(one: int, other: int) -> CaseLink | None:
    """Return what links two cases, in whichever order they are named."""
    first, second = sorted((one, other))
    return db.session.scalars(
        select(CaseLink).where(CaseLink.case_id == first, CaseLink.other_id == second)
    ).one_or_none()


def attached(case_id: int) -> list[Material]:
    """Return the materials of a case in the order in which they came; files are loaded."""
    material = joinedload(CaseMaterial.material)
    rows = db.session.scalars(
        select(CaseMaterial)
        .where(CaseMaterial.case_id == case_id)
        .order_by(CaseMaterial.id)
        .options(material.joinedload(Material.file), material.joinedload(Material.organisation))
    )
    return [row.material for row in rows]


def readable_ids(person: Somebody) -> Select[int]:
    """Select the materials of the cases that the person sees."""
    return (
        select(CaseMaterial.material_id)
        .join(Case, Case.id == CaseMaterial.case_id)
        .where(visible_to(person))
    )


def cases_with(material_id: int, person: Somebody) -> Sequence[Case]:
    """Return the cases that use a material, as far as the person sees them."""
    return db.session.scalars(
        select(Case)
        .join(CaseMaterial, CaseMaterial.case_id == Case.id)
        .where(CaseMaterial.material_id == material_id, visible_to(person))
        .order_by(Case.id.desc())
        .limit(50)
    ).all()


def saved_filters(person: Somebody) -> Sequence[SavedFilter]:
    """Return the filters that the person has kept, by name."""
    return db.session.scalars(
        select(SavedFilter).where(SavedFilter.person_id == person.id).order_by(SavedFilter.name)
    ).all()
