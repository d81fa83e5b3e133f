"""Setting the rules of an event's sign-up: approval, offers, deadlines, quotas and floors."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import delete

from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.states import Move, after
from portal.people.models import Organisation, Person
from portal.signups import queries, seats
from portal.signups.models import SignupQuota, SignupRules
from portal.signups.rules import Rules, check
from portal.signups.services.settling import settle

MOST_UNITS = 60


@dataclass(frozen=True)
class UnitWish:
    """The most places of a unit (None: no limit), and those kept for it."""

    organisation: Organisation
    most: int | None = None
    floor: int = 0


def set_rules(*, event: Event, rules: Rules, units: Sequence[UnitWish], actor: Person) -> None:
    """Set the rules; what they free goes to who waits. Nobody loses a place by them.

    Raises InvalidInputError for what cannot be, ConflictError once the event is settled.
    """
    after(event.state, Move.EDIT)
    check(rules)
    _check_units(units)
    line = seats.look(event, lambda: queries.line(event))
    _check_floors(event, units)
    if line.rules.needs_approval and not rules.needs_approval and line.counts.pending:
        raise InvalidInputError(
            f"还有 {line.counts.pending} 人待审核，请先审核完，再改为不用审核。",
            field="needs_approval",
        )
    row = queries.find_rules(event.id) or SignupRules(event_id=event.id)
    for name in fields(Rules):
        setattr(row, name.name, getattr(rules, name.name))
    db.session.add(row)
    _set_units(event, units)
    db.session.flush()
    _check_taken(event)
    audit.record(
        "signup.rules",
        event,
        actor=actor,
        needs_approval=rules.needs_approval,
        offer_hours=rules.offer_hours,
        cancel_hours=rules.cancel_hours,
        units=[f"{one.organisation.code}:{one.most}:{one.floor}" for one in units],
    )
    settle(event=event, actor=actor, cause="报名规则调整后")


def copy_rules(*, event: Event, made: Event) -> None:
    """Let a copy of an event go by the same rules."""
    row = queries.find_rules(event.id)
    if row is not None and queries.find_rules(made.id) is None:
        values = {name.name: getattr(row, name.name) for name in fields(Rules)}
        db.session.add(SignupRules(event_id=made.id, **values))
    there = {quota.organisation_id for quota in queries.quotas(made.id)}
    for quota in queries.quotas(event.id):
        if quota.organisation_id not in there:
            db.session.add(
                SignupQuota(
                    event_id=made.id,
                    organisation_id=quota.organisation_id,
                    most=quota.most,
                    floor=quota.floor,
                )
            )
    db.session.flush()


def _check_units(units: Sequence[UnitWish]) -> None:
    if len(units) > MOST_UNITS:
        raise InvalidInputError(f"最多为 {MOST_UNITS} 个单位设名额。", field="units")
    for number, one in enumerate(units):
        name = one.organisation.short_name
        if one.floor < 0 or (one.most is not None and one.most < 0):
            raise InvalidInputError(f"{name}的名额不能是负数。", field="units")
        if one.most is not None and one.most < one.floor:
            raise InvalidInputError(
                f"{name}保留的名额（{one.floor}）不能多于最多的名额（{one.most}）。", field="units"
            )
        for other in units[:number]:
            if one.organisation.id == other.organisation.id:
                raise InvalidInputError(f"{name}填了两次，请只留一行。", field="units")
            if one.organisation.is_within(other.organisation) or other.organisation.is_within(
                one.organisation
            ):
                raise InvalidInputError(
                    f"{name}和{other.organisation.short_name}是上下级，只能为其中一个设名额。",
                    field="units",
                )


def _check_floors(event: Event, units: Sequence[UnitWish]) -> None:
    kept = sum(one.floor for one in units)
    if kept and event.capacity is None:
        raise InvalidInputError("活动不限人数，不用为单位保留名额。", field="units")
    if event.capacity is not None and kept > event.capacity:
        raise InvalidInputError(
            f"各单位共保留 {kept} 个名额，超过了总名额 {event.capacity} 个。", field="units"
        )


def _set_units(event: Event, units: Sequence[UnitWish]) -> None:
    db.session.execute(delete(SignupQuota).where(SignupQuota.event_id == event.id))
    db.session.add_all(
        SignupQuota(
            event_id=event.id,
            organisation_id=one.organisation.id,
            most=one.most,
            floor=one.floor,
        )
        for one in units
    )


def _check_taken(event: Event) -> None:
    for unit in queries.unit_numbers(event.id):
        if unit.most is not None and unit.taken > unit.most:
            raise InvalidInputError(
                f"{unit.name}已有 {unit.taken} 人有名额，最多的名额不能少于 {unit.taken}。",
                field="units",
            )
