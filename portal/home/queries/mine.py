"""What is on for me."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceStatus
from portal.database import db
from portal.events.models import Audience, Event, EventState
from portal.events.queries import meant_for
from portal.people.readers import Somebody
from portal.signups.answer_models import InvitationRefusal, StandIn
from portal.signups.models import LIVE, Signup, SignupStatus
from portal.signups.policies import takes_signups
from portal.signups.queries.places import position_in_queue
from portal.signups.queries.standing_in import is_standing

# How far ahead the home looks; what lies beyond is in the list of events.
HORIZON = timedelta(days=90)
_IN_MY_CALENDAR = timedelta(days=183)
_MOST_IN_MY_CALENDAR = 500
# On whose lists the people of an event stand: see `Event.list_id`.
_LIST_ID = func.coalesce(Event.part_of_id, Event.id)
OVER = frozenset({EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED})


@dataclass(frozen=True)
class Appointment:
    """An event that concerns the reader, and the reader's latest sign-up to it, if any."""

    event: Event
    signup: Signup | None
    position: int = 0
    # What the roll says of the reader, once somebody or a code has said it.
    entry: AttendanceEntry | None = None

    @property
    def status(self) -> SignupStatus | None:
        """Where the sign-up stands."""
        return self.signup.status if self.signup else None

    @property
    def is_off(self) -> bool:
        """Whether it does not take place as announced."""
        return self.event.state in {EventState.CANCELLED, EventState.POSTPONED}

    @property
    def is_due(self) -> bool:
        """Whether the reader is expected without signing up."""
        return self.event.audience is Audience.DUE

    @property
    def is_settled(self) -> bool:
        """Whether the reader is expected there: with a place, or because all members are due."""
        return self.status is SignupStatus.CONFIRMED or self.is_due

    @property
    def is_waiting(self) -> bool:
        """Whether the reader stands on the waiting list or awaits approval."""
        return self.status in {SignupStatus.WAITLISTED, SignupStatus.PENDING}

    @property
    def has_come(self) -> bool:
        """Whether the reader is counted as present already."""
        return self.entry is not None and self.entry.has_come

    @property
    def told(self) -> AttendanceStatus | None:
        """What the roll says of the reader beyond that the reader is expected."""
        if self.entry is None or self.entry.marked_at is None:
            return None
        status = self.entry.status
        return None if status is AttendanceStatus.EXPECTED else status

    @property
    def is_unanswered(self) -> bool:
        """Whether the reader is invited and has said neither yes nor no."""
        return self.event.audience is Audience.INVITED and self.signup is None

    @property
    def may_answer(self) -> bool:
        """Whether the invitation may still be answered here."""
        return self.is_unanswered and takes_signups(self.event, clock.now())


def appointments(person: Somebody, *, limit: int = 60) -> list[Appointment]:
    """Return what concerns the person from now on, soonest first.

    With a sign-up that holds; or due; or invited, unless the invitation was turned down.
    What was called off or put off stays until its hour, so that nobody goes there.
    """
    now = clock.now()
    other = aliased(Signup)
    latest = (
        select(func.max(other.id))
        .where(other.event_id == _LIST_ID, other.person_id == person.id)
        .scalar_subquery()
    )
    is_mine = and_(AttendanceEntry.event_id == Event.id, AttendanceEntry.person_id == person.id)
    has_begun_without_me = and_(
        Signup.status.in_({SignupStatus.WAITLISTED, SignupStatus.PENDING}),
        Event.starts_at <= now,
    )
    # Who has said no, or sent somebody else, is asked no more.
    unsaid = and_(
        ~exists().where(
            InvitationRefusal.event_id == _LIST_ID, InvitationRefusal.person_id == person.id
        ),
        ~exists().where(
            StandIn.event_id == _LIST_ID, StandIn.invited_id == person.id, is_standing()
        ),
    )
    is_to_answer = and_(Event.audience == Audience.INVITED, Signup.id.is_(None))
    concerns = or_(
        and_(Signup.status.in_(LIVE), not_(has_begun_without_me)),
        and_(Event.audience == Audience.DUE, meant_for(person)),
        and_(
            Event.audience == Audience.INVITED,
            Signup.id.is_(None),
            # To come or not is answered for the whole.
            Event.part_of_id.is_(None),
            meant_for(person),
            unsaid,
        ),
    )
    rows = db.session.execute(
        select(Event, Signup, position_in_queue(), AttendanceEntry)
        .select_from(Event)
        .outerjoin(Signup, Signup.id == latest)
        .outerjoin(AttendanceEntry, is_mine)
        .where(
            Event.state.not_in({EventState.DRAFT, *OVER}),
            # What is held in sessions is on at those; the whole is answered for until it begins.
            or_(Event.session_count == 0, and_(Event.starts_at > now, is_to_answer)),
            Event.ends_at >= now,
            Event.starts_at < now + HORIZON,
            concerns,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
        .options(joinedload(Event.host))
    )
    return [Appointment(*row) for row in rows]


def open_for(person: Somebody, *, limit: int) -> Sequence[Event]:
    """Return the events, open to all, that the person could sign up for now, soonest first."""
    now = clock.now()
    signed_up = select(Signup.event_id).where(
        Signup.person_id == person.id, Signup.status.in_(LIVE)
    )
    return db.session.scalars(
        select(Event)
        .where(
            Event.state == EventState.PUBLISHED,
            Event.part_of_id.is_(None),
            Event.audience == Audience.OPEN,
            Event.starts_at > now,
            or_(Event.signup_opens_at.is_(None), Event.signup_opens_at <= now),
            or_(Event.signup_closes_at.is_(None), Event.signup_closes_at > now),
            Event.id.not_in(signed_up),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
        .options(joinedload(Event.host))
    ).all()


def calendar_of(person: Somebody) -> Sequence[Event]:
    """Return what belongs into the person's own calendar, oldest first: hosts are loaded.

    Events with a confirmed place, and those at which all members are due, from half a year
    ago on; what was called off stays in, so that the calendar strikes it out.
    """
    has_place = select(Signup.event_id).where(
        Signup.person_id == person.id, Signup.status == SignupStatus.CONFIRMED
    )
    is_due = and_(Event.audience == Audience.DUE, meant_for(person))
    return db.session.scalars(
        select(Event)
        .where(
            Event.state != EventState.DRAFT,
            Event.session_count == 0,
            Event.starts_at > clock.now() - _IN_MY_CALENDAR,
            or_(Event.id.in_(has_place), Event.part_of_id.in_(has_place), is_due),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(_MOST_IN_MY_CALENDAR)
        .options(joinedload(Event.host))
    ).all()
