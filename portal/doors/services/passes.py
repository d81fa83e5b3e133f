"""Issuing passes and taking them back."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import insert, select, update

from portal import clock
from portal.attendance.models import AttendanceEntry
from portal.audit import services as audit
from portal.database import db
from portal.doors import passes
from portal.doors.models import PassKind, PersonPass
from portal.events.models import Event
from portal.people.models import Person

_AT_ONCE = 500


def text_of(held: PersonPass, *, key: str) -> str | None:
    """Return what the pass says; None where the portal's key has changed since."""
    text = passes.written(held.serial, held.expires_on, key)
    return text if passes.hash_of(text) == held.text_hash else None


def issue_pass(*, person: Person, kind: PassKind, actor: Person, key: str, days: int) -> PersonPass:
    """Issue a pass that is good for so many days; a former one of the kind opens nothing now."""
    _revoke(person_ids=[person.id], kinds=[kind], actor=actor)
    made = PersonPass(issued_by_id=actor.id, **_columns(person.id, kind, key=key, days=days))
    db.session.add(made)
    db.session.flush()
    audit.record("pass.issued", made, actor=actor, person_id=person.id, kind=kind)
    return made


def issue_badges(*, event: Event, actor: Person, key: str, days: int) -> int:
    """Issue a badge to everybody on the roll who has none that lasts to the end of the event.

    Returns how many were issued.
    """
    needed_on = clock.local(event.ends_at).date()
    lasting = select(PersonPass.person_id).where(
        PersonPass.kind == PassKind.BADGE,
        PersonPass.revoked_at.is_(None),
        PersonPass.expires_on >= needed_on,
    )
    without = db.session.scalars(
        select(AttendanceEntry.person_id)
        .where(AttendanceEntry.event_id == event.id, AttendanceEntry.person_id.not_in(lasting))
        .order_by(AttendanceEntry.id)
    ).all()
    for start in range(0, len(without), _AT_ONCE):
        portion = without[start : start + _AT_ONCE]
        _revoke(person_ids=portion, kinds=[PassKind.BADGE], actor=actor)
        db.session.execute(
            insert(PersonPass),
            [
                {
                    "issued_by_id": actor.id,
                    **_columns(person_id, PassKind.BADGE, key=key, days=days),
                }
                for person_id in portion
            ],
        )
    if without:
        audit.record("pass.badges_issued", event, actor=actor, people=len(without))
    return len(without)


def revoke_passes(
    *, person: Person, actor: Person, kinds: Collection[PassKind] = tuple(PassKind)
) -> int:
    """Take somebody's passes back (lost, lent, stolen); return how many there were."""
    count = _revoke(person_ids=[person.id], kinds=kinds, actor=actor)
    if count:
        audit.record("pass.revoked", person, actor=actor, people=count, kind=",".join(kinds))
    return count


def _revoke(*, person_ids: Collection[int], kinds: Collection[PassKind], actor: Person) -> int:
    revoked = db.session.execute(
        update(PersonPass)
        .where(
            PersonPass.person_id.in_(person_ids),
            PersonPass.kind.in_(kinds),
            PersonPass.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now(), revoked_by_id=actor.id)
        .execution_options(synchronize_session="fetch")
    )
    return int(revoked.rowcount)  # type: ignore[attr-defined]


def _columns(person_id: int, kind: PassKind, *, key: str, days: int) -> dict[str, object]:
    serial, expires_on = passes.new_serial(), clock.today() + timedelta(days=days)
    return {
        "person_id": person_id,
        "kind": kind,
        "serial": serial,
        "text_hash": passes.hash_of(passes.written(serial, expires_on, key)),
        "issued_at": clock.now(),
        "expires_on": expires_on,
    }
