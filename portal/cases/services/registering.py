"""Taking a case down, and settling it where it was said."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.cases import codes, queries
from portal.cases.models import (
    LONGEST_WORDS,
    AskerSight,
    CallBackMethod,
    Case,
    CaseHelper,
    CaseKind,
    CaseLevel,
    CaseSource,
    CaseState,
    CaseStatement,
    Counting,
    Course,
    LimitKey,
    Move,
    Satisfaction,
)
from portal.cases.services import telling
from portal.cases.services.moving import Answer, close, settle
from portal.cases.services.writing import index, note, set_deadline
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.models import Organisation, Person

# Whoever asked stands there and says that it is settled.
_SAID_THERE = Answer(CallBackMethod.EVENT, is_solved=True, satisfaction=Satisfaction.SATISFIED)
# The same words by the same person within this time were sent twice by mistake.
_TWICE_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Asker:
    """Who asked, as far as it may be kept: nothing at all of somebody who stays anonymous."""

    sight: AskerSight = AskerSight.NAMED
    name: str = ""
    phone: str = ""
    person_id: int | None = None


@dataclass(frozen=True)
class Details:
    """What is taken down; without a deadline of its own, the limit of ordinary cases holds."""

    words: str
    kind: CaseKind
    source: CaseSource
    organisation: Organisation
    lead: Organisation
    place: str = ""
    level: CaseLevel = CaseLevel.COMMUNITY
    category: str = ""
    lead_person_id: int | None = None
    helpers: tuple[Organisation, ...] = ()
    asker: Asker = field(default_factory=Asker)
    due: tuple[int, Counting] | None = None
    event: Event | None = None
    upstream_number: str = ""
    opened_at: datetime | None = None
    statement_id: int | None = None


@dataclass(frozen=True)
class Registered:
    """A case that was taken down, and the asker's code, shown this once; empty if there is none."""

    case: Case
    code: str = ""


def register(
    *, details: Details, actor: Person, with_code: bool = True, tells: bool = True
) -> Registered:
    """Take a case down word for word, and give it to the lead unit."""
    words = _checked(details.words)
    twin = _made_of(details.statement_id) or _just_written(words, details, actor)
    if twin is not None:
        return Registered(twin)
    code = codes.new_code() if with_code else ""
    case = _made(details, words, actor, code)
    note(case, Move.REGISTER, actor=actor, unit_id=case.lead_id, due_at=case.due_at)
    if details.statement_id is not None:
        db.session.add(CaseStatement(case_id=case.id, statement_id=details.statement_id))
        db.session.flush()
    index(case)
    if tells:
        telling.tell_lead(case, actor=actor)
    return Registered(case, code)


def settle_on_spot(
    *, details: Details, measures: str, has_confirmed: bool, actor: Person
) -> Registered:
    """Take down and settle in one act; closed at once where the asker said so there.

    Without the asker's word it waits for a call-back like every other case.
    """
    made = register(details=details, actor=actor, tells=False)
    if made.case.state is not CaseState.REGISTERED:
        return made
    made.case.contacted_at = made.case.opened_at
    settle(case=made.case, words=measures, actor=actor, course=Course.ON_SITE, tells=False)
    if has_confirmed:
        close(case=made.case, answer=_SAID_THERE, actor=actor, tells=False)
    return made


def _made(details: Details, words: str, actor: Person, code: str) -> Case:
    now = details.opened_at or clock.now()
    amount, counting = details.due or _usual(details.organisation)
    asker = details.asker
    is_anonymous = asker.sight is AskerSight.ANONYMOUS
    case = Case(
        source=details.source,
        upstream_number=details.upstream_number,
        kind=details.kind,
        category=details.category,
        words=words,
        place=details.place,
        level=details.level,
        organisation=details.organisation,
        lead=details.lead,
        lead_person_id=details.lead_person_id,
        asker_sight=asker.sight,
        asker_name="" if is_anonymous else asker.name,
        asker_phone="" if is_anonymous else asker.phone,
        asker_id=None if is_anonymous else asker.person_id,
        code_hash=codes.hash_of(code) if code else None,
        state=CaseState.REGISTERED,
        opened_at=now,
        opened_by_id=actor.id,
        assigned_at=now,
        due_amount=amount,
        due_counting=counting,
        updated_at=now,
        event=details.event,
        opening=None,
        helpers=[
            CaseHelper(organisation=one)
            for one in dict.fromkeys(details.helpers)
            if one is not details.lead
        ],
    )
    set_deadline(case)
    db.session.add(case)
    db.session.flush()
    return case


def _usual(organisation: Organisation) -> tuple[int, Counting]:
    limit = queries.limits_for(organisation)[LimitKey.DUE]
    return limit.amount, limit.counting


def _checked(words: str) -> str:
    words = words.strip()
    if not words:
        raise InvalidInputError("请写下原话，一字一句照记。", field="words")
    if len(words) > LONGEST_WORDS:
        raise InvalidInputError(f"原话最多 {LONGEST_WORDS} 个字。", field="words")
    return words


def _made_of(statement_id: int | None) -> Case | None:
    """Return the case that the statement has become already; the database lets there be one."""
    if statement_id is None:
        return None
    found = db.session.scalar(
        select(CaseStatement.case_id).where(CaseStatement.statement_id == statement_id)
    )
    return queries.case(found) if found is not None else None


def _just_written(words: str, details: Details, actor: Person) -> Case | None:
    """Return the case that the same press of the button has made already."""
    found: Any = db.session.scalars(
        select(Case.id).where(
            Case.opened_by_id == actor.id,
            Case.opened_at > clock.now() - _TWICE_WITHIN,
            Case.organisation_id == details.organisation.id,
            Case.words == words,
        )
    ).first()
    return queries.case(found) if found is not None and details.opened_at is None else None
