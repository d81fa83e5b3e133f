"""What the people of the demo do, each at its moment (`clock.now()` stands there)."""

import random
from collections.abc import Collection, Sequence

from sqlalchemy import select

from portal.attendance import services as attendance
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.attendance.rules import Timing
from portal.database import db
from portal.demo.opinions import replies
from portal.demo.programme import EventPlan
from portal.demo.world import World
from portal.events import invitation_services, moves, queries, services
from portal.events.details import Details
from portal.events.models import Event, EventKind, Venue
from portal.feedback import queries as feedback_queries
from portal.feedback import services as feedback
from portal.feedback.models import FeedbackMark
from portal.feedback.questions import Standard
from portal.lessons import queries as lessons
from portal.people.models import Person
from portal.signups import queries as signup_queries
from portal.signups import services as signups
from portal.signups.models import SignupStatus

_TIMING = Timing()
_IN_ROOMS = frozenset({EventKind.LESSON, EventKind.SEMINAR})
_ROOMS = {
    "鲁商首府小区红色书屋": ("lushang", "红色书屋"),
    "一家亲为老服务中心一楼活动厅": ("elder", "一楼活动厅"),
}
_LEAST_ANSWERS = 3


def write_event(world: World, plan: EventPlan, *, actor: Person) -> Event:
    """Write the draft, and invite those whom it names."""
    details = Details(
        title=plan.title,
        kind=plan.kind,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        host=world.organisations[plan.host],
        place=plan.place,
        venue=_venue(world, plan),
        audience=plan.audience,
        due=tuple(world.organisations[code] for code in plan.due),
        capacity=plan.capacity,
        signup_opens_at=plan.signup_opens_at,
        signup_closes_at=plan.signup_closes_at,
        lecturer=plan.lecturer,
        contact=plan.contact,
        summary=plan.summary,
        agenda=plan.timed_agenda,
        note=plan.note,
    )
    lesson = lessons.lesson(world.lessons[plan.lesson]) if plan.lesson else None
    event = services.create(details=details, actor=actor, lesson=lesson)
    if plan.invited:
        ids = {world.persons[key].id for key in plan.invited}
        invited = invitation_services.invite(event=event, person_ids=ids, actor=actor)
        if invited != len(ids):
            raise RuntimeError(f"“{plan.title}” invites people beyond its host's reach")
    return queries.event(event.id)


def _venue(world: World, plan: EventPlan) -> Venue | None:
    """Return the room of a site that a lesson or a seminar takes, by what its place is called."""
    known = _ROOMS.get(plan.place) if plan.kind in _IN_ROOMS else None
    if known is None:
        return None
    site = world.sites[known[0]]
    return Venue(site, next(room for room in site.rooms if room.name == known[1]))


def publish(event: Event, *, actor: Person) -> None:
    """Post it."""
    moves.publish(event=event, actor=actor)


def call_off(event: Event, reason: str, *, actor: Person) -> None:
    """Call it off for good."""
    moves.cancel(event=event, reason=reason, actor=actor)


def put_off(event: Event, reason: str, *, actor: Person) -> None:
    """Postpone it without a new date."""
    moves.postpone(event=event, reason=reason, actor=actor)


def set_rules(world: World, event: Event, plan: EventPlan, *, actor: Person) -> None:
    """Say how sign-up goes."""
    wishes = [
        signups.UnitWish(world.organisations[code], most, kept) for code, most, kept in plan.units
    ]
    signups.set_rules(event=event, rules=plan.rules, units=wishes, actor=actor)


def ask_on_signing_up(event: Event, plan: EventPlan, *, actor: Person) -> None:
    """Say what is asked of those who sign up."""
    signups.set_questions(event=event, questions=plan.questions, actor=actor)


def approve(event: Event, number: int, *, actor: Person) -> None:
    """Let the first of those in who wait for the host."""
    wanted = signup_queries.listed(event.id, SignupStatus.PENDING, "").limit(number)
    ids = [signup.id for signup in db.session.scalars(wanted)]
    signups.approve(event=event, ids=ids, actor=actor)


def sign_up(event: Event, person: Person) -> None:
    """Sign up for oneself."""
    asked = signup_queries.questions_of(event.id)
    typed = {}
    for question in asked:
        free = [choice for choice in question.choices if choice.left != 0]
        if free:
            typed[question.field] = str(free[person.id % len(free)].id)
    signups.sign_up(event=event, person=person, actor=person, typed=typed)


def sign_up_together(event: Event, people: Sequence[Person], *, actor: Person) -> None:
    """Sign up many at once, as a host does from a list on paper."""
    in_order = sorted(people, key=lambda person: (person.stroke_key, person.id))
    for person, outcome in signups.sign_up_many(event=event, people=in_order, actor=actor):
        if outcome not in {signups.Outcome.CONFIRMED, signups.Outcome.WAITLISTED}:
            raise RuntimeError(f"“{event.title}”: {person.name} {outcome.label}")


def withdraw(event: Event, person: Person, reason: str) -> None:
    """Take one's own sign-up back."""
    mine = signup_queries.signup_of(event, person)
    if mine is not None:
        signups.cancel(event=event, signup=mine, actor=person, reason=reason)


def open_roll(event: Event, *, actor: Person) -> None:
    """Open the roll at the door."""
    attendance.open_roll(event=event, actor=actor)


def entries(event: Event) -> Sequence[AttendanceEntry]:
    """Return the roll in the order in which people stand on it."""
    return db.session.scalars(
        select(AttendanceEntry)
        .where(AttendanceEntry.event_id == event.id)
        .order_by(AttendanceEntry.id)
    ).all()


def mark(
    event: Event,
    entry: AttendanceEntry,
    status: AttendanceStatus,
    *,
    actor: Person,
    reason: str = "",
) -> None:
    """Tick one name."""
    attendance.mark(
        event=event,
        person_id=entry.person_id,
        status=status,
        actor=actor,
        timing=_TIMING,
        reason=reason,
    )


def mark_rest(
    event: Event, *, actor: Person, but: int, chance: random.Random, sure: Collection[int]
) -> None:
    """Mark everybody present of whom nothing was said, but some; the `sure` are present."""
    rest = [entry for entry in entries(event) if entry.status is AttendanceStatus.EXPECTED]
    if not rest:
        return
    uncertain = [entry for entry in rest if entry.person_id not in sure]
    missing = chance.sample(uncertain, min(but, len(rest) - 1, len(uncertain)))
    attendance.mark_rest_present(
        event=event,
        exceptions={entry.person_id for entry in missing},
        up_to=max(entry.id for entry in rest),
        actor=actor,
        timing=_TIMING,
    )


def confirm(event: Event, *, actor: Person) -> None:
    """Confirm the roll."""
    attendance.confirm(event=event, actor=actor)


def ask(event: Event, asked: Standard, days: int, *, actor: Person) -> None:
    """Choose a standard questionnaire for the event."""
    feedback.ask(
        event=event,
        name=asked.name,
        questions=asked.questions,
        days=days,
        version=None,
        actor=actor,
    )


def say(event: Event, *, share: float, but: Collection[int], chance: random.Random) -> None:
    """Let a share of those who came, and have not answered yet, answer the questionnaire."""
    asked = feedback_queries.feedback(event.id)
    marked = select(FeedbackMark.person_id).where(FeedbackMark.feedback_id == asked.id)
    silent = set(but) | set(db.session.scalars(marked))
    came = [
        entry.person_id
        for entry in entries(event)
        if entry.has_come and entry.person_id not in silent
    ]
    for person_id in chance.sample(came, round(len(came) * share)):
        feedback.answer(
            event=event,
            version=asked.version,
            replies=replies(asked.asked, chance),
            least=_LEAST_ANSWERS,
            actor=db.session.get_one(Person, person_id),
        )
