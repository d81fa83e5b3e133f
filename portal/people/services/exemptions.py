"""Exempting a member from organisation life (条例 art. 23): why, since when, until when."""

from datetime import date, timedelta

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Exemption, ExemptReason, Person, PersonKind
from portal.people.services.days import check_day

_LABEL = "免予参加组织生活"
_YEARS_AHEAD = 10


def set_exemption(
    *,
    person: Person,
    reason: ExemptReason,
    since: date,
    until: date | None = None,
    actor: audit.Acting,
) -> None:
    """Exempt a member from a day on, for good or until a last day: never due meanwhile.

    Raises ConflictError for guests, who owe nothing, and for those exempt already.
    """
    if person.kind is not PersonKind.MEMBER:
        raise ConflictError("只有党员才需要标记免予参加组织生活。")
    if person.is_exempt:
        raise ConflictError("此人已经标记为免予参加组织生活。")
    if since > clock.today():
        raise InvalidInputError("日期不能晚于今天。", field="since")
    check_day(since, field="since")
    if until is not None:
        if until < clock.today():
            raise InvalidInputError("最后一天不能早于今天；没有期限的不用填。", field="until")
        if until.year > clock.today().year + _YEARS_AHEAD:
            raise InvalidInputError("日期太远了；没有期限的不用填。", field="until")
    db.session.add(
        Exemption(
            person_id=person.id,
            reason=reason,
            since=since,
            until=until,
            entered_at=clock.now(),
            entered_by_id=actor.id,
        )
    )
    person.is_exempt, person.exempt_reason, person.exempt_since = True, reason, since
    db.session.flush()
    audit.record(
        "person.exempted",
        person,
        actor=actor,
        version=person.version,
        changes={_LABEL: ["", reason.label]},
        since=since,
        until=until,
    )


def lift_exemption(*, person: Person, actor: audit.Acting) -> None:
    """Let a member be due again from today on; raise ConflictError if there is no exemption.

    It stays in the history, and counts for the time it held. What is taken back on the day on
    which it was entered never held.
    """
    if not person.is_exempt:
        raise ConflictError("此人没有标记为免予参加组织生活。")
    held = _present(person)
    if held is not None:
        today = clock.today()
        yesterday = today - timedelta(days=1)
        entered_on = clock.local(held.entered_at).date() if held.entered_at else None
        held.is_mistaken = entered_on == today
        held.until = max(held.since or yesterday, yesterday)
        held.ended_at, held.ended_by_id = clock.now(), actor.id
    _end(person, actor)


def end_exemptions() -> int:
    """End those whose last day is over; return how many."""
    over = db.session.scalars(
        select(Person)
        .join(Exemption, Exemption.person_id == Person.id)
        .where(Person.is_exempt, Exemption.ended_at.is_(None), Exemption.until < clock.today())
        .order_by(Person.id)
        .with_for_update(of=Person)
    ).all()
    for person in over:
        held = _present(person)
        if held is not None:
            held.ended_at = clock.now()
        _end(person, None)
    return len(over)


def _present(person: Person) -> Exemption | None:
    return db.session.scalars(
        select(Exemption)
        .where(Exemption.person_id == person.id, Exemption.ended_at.is_(None))
        .order_by(Exemption.id.desc())
        .limit(1)
    ).first()


def _end(person: Person, actor: audit.Acting | None) -> None:
    before = person.exempt_reason.label if person.exempt_reason else "是"
    person.is_exempt, person.exempt_reason, person.exempt_since = False, None, None
    db.session.flush()
    audit.record(
        "person.exemption_lifted",
        person,
        actor=actor,
        version=person.version,
        changes={_LABEL: [before, ""]},
    )
