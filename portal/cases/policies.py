"""Who may: pure predicates over a person and a case (with organisation, lead and helpers).

A case is seen from the part of the tree where it was said, and from the units that work on it.
Department officers and visiting chiefs see only their own: given to them by name, to their
unit, or taken down by themselves. The three administrators see none.
"""

from collections.abc import Collection, Iterable
from typing import Protocol

from portal.cases.models import Case, CaseState, Move
from portal.materials.models import Material
from portal.materials.policies import may_keep
from portal.people.models import Organisation, OrganisationKind, Role
from portal.people.policies import (
    HOSTS,
    SECRETARIES,
    holds,
    holds_anywhere,
    is_administrator,
    open_grants,
    scope,
)
from portal.people.readers import Somebody

OFFICERS = frozenset({Role.OFFICER, Role.VISITING_CHIEF})
# Those who take down what is said.
OPENERS = HOSTS | OFFICERS


def may_list_cases(person: Somebody) -> bool:
    """Everybody but the three administrators; each sees only what concerns them."""
    return not is_administrator(person)


def may_open_somewhere(person: Somebody) -> bool:
    """Those who run events, department officers and visiting chiefs register cases."""
    return holds_anywhere(person, OPENERS) and not is_administrator(person)


def may_open_for(person: Somebody, organisation: Organisation) -> bool:
    """Only for an organisation of one's own part of the tree."""
    return holds(person, OPENERS, organisation) and not is_administrator(person)


def may_follow_all(person: Somebody) -> bool:
    """Board, calendar, figures and files: those who run events, and officers for their own."""
    return may_open_somewhere(person)


def may_exchange(person: Somebody) -> bool:
    """Import and export of lists: secretaries and the office."""
    return holds_anywhere(person, SECRETARIES) and not is_administrator(person)


def may_set_limits(person: Somebody) -> bool:
    """The sub-district office lays down the limits of its part of the tree."""
    return holds_anywhere(person, {Role.OFFICE}) and not is_administrator(person)


def is_own_unit(person: Somebody, unit: Organisation) -> bool:
    """Whether the person is an officer of exactly this unit; a whole street is nobody's unit."""
    return unit.kind is OrganisationKind.UNIT and any(
        grant.role in OFFICERS
        and grant.organisation is not None
        and grant.organisation.id == unit.id
        for grant in open_grants(person)
    )


def is_named(person: Somebody, case: Case) -> bool:
    """Whether the case was given to the person by name, or taken down by them in office."""
    if case.lead_person_id == person.id:
        return True
    return case.opened_by_id == person.id and holds_anywhere(person, OPENERS)


def may_see(person: Somebody, case: Case) -> bool:
    """From where it was said, from the units that work on it, and those who are named."""
    if is_administrator(person):
        return False
    units = [case.lead, *(helper.organisation for helper in case.helpers)]
    return (
        is_named(person, case)
        or any(holds(person, HOSTS, one) for one in (case.organisation, *units))
        or any(is_own_unit(person, unit) for unit in units)
    )


def is_asker(person: Somebody, case: Case) -> bool:
    """Whether the person asked it, under the own name; they see how it stands, no more."""
    return case.asker_id == person.id and not is_administrator(person)


def is_open_to(person: Somebody, belongs: Collection[str], case: Case) -> bool:
    """Whether the person reads it as a member: of the community, or of any branch.

    `belongs` are the paths of the organisations that the person belongs to today. What such a
    reader is shown names neither who asked nor who works on it.
    """
    if is_administrator(person) or case.state is CaseState.VOID or case.opening is None:
        return False
    whose = case.opening.organisation
    return any(whose is None or path.startswith(whose.path) for path in belongs)


def may_open_up(person: Somebody, case: Case) -> bool:
    """Who may read it beside the units is decided by the secretaries of where it was said."""
    return may_supervise(person, case) and case.state is not CaseState.VOID


def may_work(person: Somebody, case: Case) -> bool:
    """The lead unit's people and whoever is named as in charge."""
    if is_administrator(person):
        return False
    return (
        case.lead_person_id == person.id
        or holds(person, HOSTS, case.lead)
        or is_own_unit(person, case.lead)
    )


def may_attach(person: Somebody, case: Case) -> bool:
    """Papers come from those who edit it, work on it or help, department officers as well.

    It is a right to this case alone: it opens nobody's library.
    """
    return may_edit(person, case) or may_work(person, case) or may_help(person, case)


def may_take_off(person: Somebody, case: Case, material: Material) -> bool:
    """Those who edit it and the lead unit's hosts take off any paper, the others their own."""
    if not may_attach(person, case):
        return False
    if may_edit(person, case) or holds(person, HOSTS, case.lead):
        return True
    return material.uploaded_by_id == person.id or may_keep(person, material)


def may_help(person: Somebody, case: Case) -> bool:
    """The helping units report what they have done."""
    return not is_administrator(person) and any(
        holds(person, HOSTS, helper.organisation) or is_own_unit(person, helper.organisation)
        for helper in case.helpers
    )


def may_supervise(person: Somebody, case: Case) -> bool:
    """Secretaries of where it was said hand it out, call back and close."""
    return holds(person, SECRETARIES, case.organisation) and not is_administrator(person)


def may_edit(person: Somebody, case: Case) -> bool:
    """Those who supervise it, and whoever took it down; never the words themselves."""
    if may_supervise(person, case):
        return True
    return case.opened_by_id == person.id and may_see(person, case)


def may_know_asker(person: Somebody, case: Case) -> bool:
    """Who works on it, supervises it or took it down may ask who it was; asking is noted."""
    return may_work(person, case) or may_edit(person, case)


def may_move(person: Somebody, case: Case, move: Move) -> bool:
    """Whose step it is; whether the state allows it is another question (`states.after`).

    Nobody decides on an extension that they asked for themselves.
    """
    match move:
        case Move.ACCEPT | Move.RETURN | Move.TAKE_BACK | Move.ASK_EXTENSION:
            return may_work(person, case)
        case Move.SETTLE | Move.EXPLAIN:
            return may_work(person, case)
        case Move.REPORT:
            return may_work(person, case) or may_help(person, case)
        case Move.EXTEND | Move.REFUSE_EXTENSION:
            return may_supervise(person, case) and case.asked_by_id != person.id
        case Move.ASSIGN | Move.VOID | Move.REOPEN | Move.NO_ANSWER | Move.CLOSE | Move.REDO:
            return may_supervise(person, case)
        case Move.SUPPLEMENT:
            return may_see(person, case)
        case _:
            return False


class Row(Protocol):
    """What a list says of a case."""

    @property
    def state(self) -> CaseState: ...
    @property
    def lead_person_id(self) -> int | None: ...
    @property
    def organisation_path(self) -> str: ...
    @property
    def lead_path(self) -> str: ...


def main_moves(person: Somebody, rows: Iterable[Row]) -> list[Move | None]:
    """Return the steps that cards of the board offer: what the reader may do next with each.

    What a list knows is less than what the case's own page does: it may offer too little.
    """
    host = tuple(root.path for root in scope(person, HOSTS))
    secretary = tuple(root.path for root in scope(person, SECRETARIES))
    return [
        _main_move(
            row.state,
            works=row.lead_person_id == person.id or row.lead_path.startswith(host),
            supervises=row.organisation_path.startswith(secretary),
        )
        for row in rows
    ]


def _main_move(state: CaseState, *, works: bool, supervises: bool) -> Move | None:
    match state:
        case CaseState.REGISTERED if works:
            return Move.ACCEPT
        case CaseState.WORKING | CaseState.REWORK if works:
            return Move.SETTLE
        case CaseState.RETURNED if supervises:
            return Move.ASSIGN
        case CaseState.SETTLED | CaseState.EXPLAINED if supervises:
            return Move.CLOSE
        case _:
            return None
