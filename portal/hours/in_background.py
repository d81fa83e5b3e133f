"""What hours do in the background: reckoned anew where a roll, a make-up or a rule has changed."""

from collections.abc import Callable, Collection
from datetime import time, timedelta

from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.attendance import hooks as attendance
from portal.attendance.models import Roll
from portal.database import db, write_transaction
from portal.errors import NotFoundError
from portal.events import queries as events
from portal.events.models import Event
from portal.hours import papers, queries, services
from portal.hours.kinds import Cause
from portal.jobs import hooks
from portal.jobs import services as jobs
from portal.jobs.hooks import Chore, HopelessError, Kind, StoppedError, Work
from portal.leaves import hooks as leaves
from portal.messages.quiet_hours import is_quiet
from portal.people.models import Person
from portal.people.services import exemptions

OF_EVENT, OF_RULE = "hours-of-event", "hours-of-rule"
_QUARTER = timedelta(minutes=15)
# A new rule concerns tens of thousands: they are told in turn.
_TOLD_AT_A_TIME = 2000


def ask_about(event_id: int, revision: int, cause: Cause, *, actor: Person | None = None) -> None:
    """Have the hours of an event reckoned; each change of its roll is asked about by itself."""
    jobs.ask(
        OF_EVENT,
        key=f"{event_id}:{cause.value}:{revision}",
        arguments={"event_id": event_id, "cause": cause.value},
        actor=actor,
    )


def _of_event(work: Work) -> None:
    event_id, cause = int(work.arguments["event_id"]), Cause(work.arguments["cause"])
    try:
        event = events.event(event_id)
    except NotFoundError as error:
        raise HopelessError(error.message) from error
    # Before the people are read: a change after this moment is counted once more.
    revision = db.session.scalar(select(Roll.revision).where(Roll.event_id == event_id))
    people = queries.people_of_event(event_id)
    years = queries.years_of_event(event)
    db.session.rollback()
    _recount([(people, year) for year in years], cause, work)
    if revision is not None:
        with write_transaction():
            services.note_counted(event_id, revision)


def _of_rule(work: Work) -> None:
    rule = queries.rule(int(work.arguments["rule_id"]))
    years = range(rule.valid_from.year, clock.today().year + 1)
    concerned = [(queries.people_of_rule(rule, year), year) for year in years]
    rule_id = rule.id
    db.session.rollback()
    changed = _recount(concerned, Cause.RULE, work)
    with write_transaction():
        services.note_recounted(rule_id, changed)


def _recount(concerned: Collection[tuple[set[int], int]], cause: Cause, work: Work) -> int:
    """Reckon all of them, portion by portion: nobody else waits for the whole."""
    total, done, changed = sum(len(people) for people, _year in concerned), 0, 0
    for people, year in concerned:
        for portion in services.in_portions(people):
            if work.is_stopping():
                raise StoppedError
            with write_transaction():
                changed += services.recount(portion, year, cause=cause)
            done += len(portion)
            work.progress(done, total)
    return changed


def _catch_up() -> None:
    """Count rolls that are over: provisional until they are confirmed; and what was missed."""
    waiting = queries.rolls_to_count(clock.now())
    db.session.rollback()
    if not waiting:
        return
    with write_transaction():
        for event_id, revision in waiting:
            ask_about(event_id, revision, Cause.RECOUNT)


def _tell() -> None:
    """Tell people of hours that changed; in the quiet hours it waits until they are up."""
    if is_quiet(clock.now()):
        return
    people = services.untold(_TOLD_AT_A_TIME)
    db.session.rollback()
    for person_id in people:
        with write_transaction():
            services.tell_of_changes(person_id)


def _end_exemptions() -> None:
    with write_transaction():
        exemptions.end_exemptions()


def _roll_settled(event: Event, revision: int, actor: Person, *, is_correction: bool) -> None:
    cause = Cause.CORRECTED if is_correction else Cause.CONFIRMED
    ask_about(event.id, revision, cause, actor=actor)


def _made_up(event_id: int, make_up_id: int, actor: Person) -> None:
    ask_about(event_id, make_up_id, Cause.MAKE_UP, actor=actor)


def init_app(_app: Flask) -> None:
    """Register with the workers, and be told of rolls that are settled and of make-ups."""
    hooks.register(Kind(OF_EVENT, _of_event))
    hooks.register(Kind(OF_RULE, _of_rule))
    papers.register()
    hooks.register(Chore("count-hours", _catch_up, every=_QUARTER))
    hooks.register(Chore("end-exemptions", _end_exemptions, at=time(0, 20)))
    hooks.register(Chore("tell-of-hours", _tell, every=_QUARTER))
    _once(attendance.settled, _roll_settled)
    _once(leaves.made_up, _made_up)


def _once(listeners: list[Callable[..., None]], one: Callable[..., None]) -> None:
    if one not in listeners:
        listeners.append(one)
