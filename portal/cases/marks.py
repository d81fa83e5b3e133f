"""Marks that the search index keeps of a case: by whom it can be seen, whether it is open. Pure.

They spare looking at what the reader will not be shown; whether it is shown is asked of the case.
"""

from portal.cases.models import OVER, Case, Move

OPEN, TO_MEMBERS = "open", "all"
ORGANISATION, PERSON, COMMUNITY = "o", "p", "c"
# The moves after which a case bears other marks.
CHANGING = frozenset({Move.ASSIGN, Move.CLOSE, Move.REOPEN, Move.VOID})


def marks_of(case: Case) -> list[str]:
    """Return the marks of a case that has been flushed; helpers and opening are loaded."""
    units = {case.organisation_id, case.lead_id, *(one.organisation_id for one in case.helpers)}
    people = {case.opened_by_id, case.lead_person_id} - {None}
    marks = [f"{ORGANISATION}{number}" for number in units]
    marks += [f"{PERSON}{number}" for number in people]
    if case.state not in OVER:
        marks.append(OPEN)
    if case.opening is not None:
        whose = case.opening.organisation_id
        marks.append(TO_MEMBERS if whose is None else f"{COMMUNITY}{whose}")
    return sorted(marks)
