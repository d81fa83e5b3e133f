"""What every change of a case writes: a step of its log, an act of the audit, its deadline."""

from typing import Any

from portal import clock
from portal.audit import services as audit
from portal.cases import deadlines, queries
from portal.cases.marks import CHANGING, marks_of
from portal.cases.models import Case, CaseStep, LimitKey, Move
from portal.cases.states import after
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.models import Person
from portal.search import services as search

MOST_WORDS = 2000


def step(case: Case, move: Move, *, actor: Person | None, words: str = "", **told: Any) -> CaseStep:
    """Move the case and write who did it, when, in which words; raise ConflictError."""
    case.state = after(case.state, move)
    written = note(case, move, actor=actor, words=words, **told)
    if move in CHANGING:
        index(case)
    return written


def note(case: Case, move: Move, *, actor: Person | None, words: str = "", **told: Any) -> CaseStep:
    """Write a step of the log beside the change that was made."""
    now = clock.now()
    case.updated_at = now
    written = CaseStep(
        case_id=case.id,
        move=move,
        state=case.state,
        at=now,
        actor_id=actor.id if actor else None,
        words=words,
        **told,
    )
    db.session.add(written)
    db.session.flush()
    audit.record(move.act, case, actor=actor, version=case.version)
    return written


def required(words: str | None, sentence: str, field: str = "words") -> str:
    """Return what was written; raise InvalidInputError where nothing was."""
    text = (words or "").strip()
    if not text:
        raise InvalidInputError(sentence, field=field)
    if len(text) > MOST_WORDS:
        raise InvalidInputError(
            f"最多 {MOST_WORDS} 个字，现在有 {len(text)} 个，请改短。", field=field
        )
    return text


def set_deadline(case: Case) -> None:
    """Count the deadline anew from when the case was given, in its own unit."""
    limits = queries.limits_for(case.organisation, clock.local(case.assigned_at).date())
    calendar = queries.calendar_since(case.assigned_at)
    counted = deadlines.deadline(
        case.assigned_at,
        case.due_amount,
        case.due_counting,
        yellow_days=limits[LimitKey.YELLOW].amount,
        calendar=calendar,
    )
    case.due_at = case.first_due_at = counted.due_at
    case.yellow_at, case.red_at = counted.yellow_at, counted.red_at
    given_back, response = limits[LimitKey.RETURN], limits[LimitKey.RESPONSE]
    case.return_until = deadlines.end_of(
        case.assigned_at, given_back.amount, given_back.counting, calendar
    )
    case.respond_until = deadlines.end_of(
        case.opened_at, response.amount, response.counting, calendar
    )


def index(case: Case) -> None:
    """Make the case findable by its words, place and numbers; never by who asked.

    To be called whenever its marks change: see `marks.marks_of`.
    """
    search.index(
        queries.SEARCH_KIND,
        case.id,
        titles=[case.headline, case.place, case.number, case.upstream_number],
        body=[case.words, case.category],
        marks=marks_of(case),
        at=case.opened_at,
    )
