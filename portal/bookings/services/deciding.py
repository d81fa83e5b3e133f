"""Yes and no, calling off, noting who came; rules of visiting; contacts that are forgotten."""

from typing import Any

from sqlalchemy import update

from portal import clock
from portal.audit import services as audit
from portal.bookings import policies, queries
from portal.bookings.models import CONTACT_KEPT, Booking, BookingState
from portal.bookings.services import taking
from portal.bookings.services.asking import check_space, free_of, people_of
from portal.bookings.services.telling import tell_keepers, tell_owner
from portal.bookings.states import Move, after
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Person
from portal.sites.models import Site
from portal.sites.uses import services as uses
from portal.sites.uses.models import UseSource, VisitRules

LONGEST_REASON = 200


def approve(*, booking: Booking, actor: Person) -> None:
    """Say yes: the room is firm. A party that joins is counted anew in the room of its visit."""
    state = after(booking.phase(clock.now()), Move.APPROVE)
    booking.state = state
    if booking.joins is None:
        taking.take(booking, booking.room, people=people_of(booking))
    else:
        _require_going(booking.joins)
        # Those who only asked hold their space, so this one counts already.
        check_space(booking.joins, 0)
        tell_people(booking.joins)
    _decided(booking, actor, "booking.approve")
    tell_owner(
        booking, f"approved-{booking.version}", f"{booking.site.name}同意了参观", actor=actor
    )


def decline(*, booking: Booking, reason: str, actor: Person) -> None:
    """Say no, and why; the room is free again."""
    state = after(booking.phase(clock.now()), Move.DECLINE)
    check_reason(reason)
    booking.state, booking.reason = state, reason
    free_of(booking)
    _decided(booking, actor, "booking.decline", reason=reason)
    tell_owner(booking, "declined", f"{booking.site.name}没有同意这次参观", actor=actor)


def cancel(*, booking: Booking, reason: str, actor: Person) -> None:
    """Call a visit off, and say why.

    When those whose visit it is call it off, the first party that has joined goes on with it.
    When the keeper does, it is off for all who joined.
    """
    after(booking.phase(clock.now()), Move.CANCEL)
    check_reason(reason)
    is_keeper = policies.may_decide(actor, booking.site)
    _call_off(booking, reason, actor)
    joined = queries.live_joined(booking.id) if booking.joins_id is None else []
    staying = [one for one in joined if one.state is BookingState.APPROVED]
    if staying and not is_keeper:
        _hand_over(booking, staying[0], joined)
    else:
        free_of(booking)
        for one in joined:
            _call_off(one, f"所并入的参观已取消：{reason}"[:LONGEST_REASON], actor)
            tell_owner(one, "cancelled", f"{one.site.name}的参观取消了", actor=actor)
    if booking.joins is not None:
        tell_people(booking.joins)
    subject = f"{booking.site.name}的参观取消了"
    if is_keeper:
        tell_owner(booking, "cancelled", subject, actor=actor)
    else:
        tell_keepers(booking, "cancelled", f"{booking.unit}取消了参观", actor=actor)


def note_visit(*, booking: Booking, has_come: bool, actor: Person) -> None:
    """Note whether the party came; put right afterwards, if need be."""
    booking.state = after(booking.phase(clock.now()), Move.VISIT if has_come else Move.MISS)
    _decided(booking, actor, "booking.visited" if has_come else "booking.not_come")


def note_contact_shown(*, booking: Booking, actor: Person) -> None:
    """Note who asked for the whole number of a contact."""
    audit.record("booking.contact_shown", booking, actor=actor)


def forget_contacts() -> int:
    """Delete the contacts of visits that ended 90 days ago; return of how many."""
    gone = update(Booking).where(queries.contacts_to_forget(clock.now() - CONTACT_KEPT))
    done: Any = db.session.execute(
        gone.values(contact_name="", contact_phone=""),
        execution_options={"synchronize_session": False, "preserve_rowcount": True},
    )
    count = int(done.rowcount)
    if count:
        audit.record("booking.contacts_forgotten", "contacts", actor=None, count=count)
    return count


def set_rules(*, site: Site, rules: VisitRules, actor: Person, **values: Any) -> None:
    """Set how a site receives visits; `rules` are its own or the defaults."""
    for name, value in values.items():
        setattr(rules, name, value)
    db.session.add(rules)
    db.session.flush()
    audit.record("site.visit_rules", site, actor=actor, **values)


def check_reason(reason: str) -> None:
    """Raise InvalidInputError unless a reason of a fitting length was given."""
    if not reason:
        raise InvalidInputError("请写明原因，对方会看到。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")


def _require_going(host: Booking) -> None:
    if host.state is not BookingState.APPROVED:
        raise ConflictError("所并入的参观已经不成行，不能再同意。")


def _decided(booking: Booking, actor: Person, action: str, **noted: object) -> None:
    now = clock.now()
    booking.decided_by, booking.decided_at, booking.updated_at = actor, now, now
    db.session.flush()
    audit.record(action, booking, actor=actor, version=booking.version, **noted)


def _call_off(booking: Booking, reason: str, actor: Person) -> None:
    booking.state, booking.reason, booking.updated_at = BookingState.CANCELLED, reason, clock.now()
    db.session.flush()
    audit.record("booking.cancel", booking, actor=actor, version=booking.version, reason=reason)


def _hand_over(booking: Booking, heir: Booking, joined: list[Booking]) -> None:
    """Let a party that has joined go on with the visit, and the others with it."""
    uses.hand_over(source=UseSource.BOOKING, source_id=booking.id, to_id=heir.id, label=heir.unit)
    heir.joins = None
    for one in joined:
        if one is not heir:
            one.joins = heir
    db.session.flush()
    tell_people(heir)


def tell_people(host: Booking) -> None:
    """Note in the use of a visit how many people come."""
    uses.tell_people(source=UseSource.BOOKING, source_id=host.id, people=people_of(host))
