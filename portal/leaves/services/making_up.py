"""Writing down what was made up; the roll stays as it was (DOMAIN 2.4, 2.5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock
from portal.attendance import queries as attendance
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.leaves import hooks, queries
from portal.leaves.errors import LeaveRefusedError
from portal.leaves.models import MakeUp, MakeUpMethod
from portal.materials import services as materials
from portal.people.models import Person

# DOMAIN 2.5: no limit is laid down; a month is usual. What is later is marked so.
IN_TIME = timedelta(days=30)


@dataclass(frozen=True)
class Details:
    """What is written down: `made_on` is the day, `credit_halves` study hours in halves."""

    method: MakeUpMethod
    made_on: date
    provider: str
    credit_halves: int
    proof: str


def record(
    *,
    event: Event,
    person_ids: Collection[int],
    details: Details,
    actor: Person,
    prepared: materials.Prepared | None = None,
) -> list[MakeUp]:
    """Write down that these people have made the event up; who has already is passed over.

    Only those who were due and did not come, by the confirmed roll. What was `prepared` proves
    it for each of them: the bytes are kept once, and stand in the library of each one's own
    branch, so that no branch reads the papers of another's members. Raises LeaveRefusedError
    before the confirmation, InvalidInputError for a day before the event or ahead of today.
    """
    roll = attendance.find_roll(event.id)
    if roll is None or roll.confirmed_at is None:
        raise LeaveRefusedError("名册还没有确认。先确认谁到谁没到，再登记补课。")
    if details.made_on < clock.local(event.starts_at).date():
        raise InvalidInputError("补课的日期早于活动当天。", field="made_on")
    if details.made_on > clock.today():
        raise InvalidInputError("补课的日期还没有到。", field="made_on")
    missed = queries.missed_among(event, person_ids)
    if not missed:
        raise InvalidInputError("请选择缺席或请假、还没有补课的人。", field="person")
    is_late = details.made_on > clock.local(event.ends_at).date() + IN_TIME
    proofs = _proofs(prepared, event, missed, actor)
    made = [
        MakeUp(
            event_id=event.id,
            person_id=person_id,
            method=details.method,
            made_on=details.made_on,
            provider=details.provider,
            credit_halves=details.credit_halves,
            proof=details.proof,
            material_id=proofs.get(person_id),
            is_late=is_late,
            confirmed_by_id=actor.id,
            confirmed_at=clock.now(),
        )
        for person_id in sorted(missed)
    ]
    db.session.add_all(made)
    db.session.flush()
    for one in made:
        audit.record(
            "make_up.recorded",
            one,
            actor=actor,
            event=event.id,
            person=one.person_id,
            method=one.method.value,
            on=one.made_on.isoformat(),
            **({"material": one.material_id} if one.material_id else {}),
        )
    _tell(made[-1], actor)
    return made


def prove(*, made: MakeUp, prepared: materials.Prepared | None, actor: Person) -> None:
    """Attach a file as proof, or another instead; the former one stays in the library."""
    if prepared is None:
        raise InvalidInputError("请先选择文件。", field="file")
    made.material_id = _proofs(prepared, made.event, {made.person_id}, actor)[made.person_id]
    db.session.flush()
    audit.record(
        "make_up.proven",
        made,
        actor=actor,
        event=made.event_id,
        person=made.person_id,
        material=made.material_id,
    )


def _proofs(
    prepared: materials.Prepared | None, event: Event, person_ids: Collection[int], actor: Person
) -> dict[int, int]:
    """Keep the file for each branch of these persons, for the host where one has none."""
    if prepared is None:
        return {}
    homes = queries.homes_of(person_ids)
    owners = {person_id: homes.get(person_id, event.host) for person_id in person_ids}
    kept = {
        owner.id: materials.keep(
            prepared=prepared, owner=owner, actor=actor, title=f"补课凭据：{event.title[:100]}"
        ).id
        for owner in sorted({*owners.values()}, key=lambda owner: owner.id)
    }
    return {person_id: kept[owner.id] for person_id, owner in owners.items()}


def remove(*, made: MakeUp, actor: Person) -> None:
    """Strike out what was written down by mistake."""
    audit.record("make_up.removed", made, actor=actor, event=made.event_id, person=made.person_id)
    _tell(made, actor)
    db.session.delete(made)
    db.session.flush()


def _tell(made: MakeUp, actor: Person) -> None:
    for told in hooks.made_up:
        told(made.event_id, made.id, actor)
