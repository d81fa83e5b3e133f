"""What concerns one reader: what is coming, what may be signed up for, what waits to be done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Roll
from portal.audit.models import AuditEntry, AuditHead
from portal.database import db
from portal.events.models import Audience, Event, EventInvitation, EventKind, EventState
from portal.events.queries import meant_for
from portal.people.models import (
    Account,
    LoginSession,
    Membership,
    Organisation,
    Person,
    Post,
    Role,
    RoleGrant,
)
from portal.people.queries import in_subtrees
from portal.signups.models import LIVE, Signup, SignupStatus
from portal.signups.queries.places import position_in_queue

# How far ahead the home looks; what lies beyond is in the list of events.
HORIZON = timedelta(days=90)
# How far back an event that was never settled is still brought to mind.
MEMORY = timedelta(days=400)
_IN_MY_CALENDAR = timedelta(days=183)
_MOST_IN_MY_CALENDAR = 500
_OVER = frozenset({EventState.ENDED, EventState.RECORDED, EventState.ARCHIVED})


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


def appointments(person: Person, *, limit: int = 60) -> list[Appointment]:
    """Return what concerns the person from now on, soonest first.

    With a sign-up that holds; or due; or invited, unless the invitation was turned down.
    What was called off or put off stays until its hour, so that nobody goes there.
    """
    now = clock.now()
    other = aliased(Signup)
    latest = (
        select(func.max(other.id))
        .where(other.event_id == Event.id, other.person_id == person.id)
        .scalar_subquery()
    )
    is_mine = and_(AttendanceEntry.event_id == Event.id, AttendanceEntry.person_id == person.id)
    has_begun_without_me = and_(
        Signup.status.in_({SignupStatus.WAITLISTED, SignupStatus.PENDING}),
        Event.starts_at <= now,
    )
    concerns = or_(
        and_(Signup.status.in_(LIVE), not_(has_begun_without_me)),
        and_(Event.audience == Audience.DUE, meant_for(person)),
        and_(Event.audience == Audience.INVITED, Signup.id.is_(None), meant_for(person)),
    )
    rows = db.session.execute(
        select(Event, Signup, position_in_queue(), AttendanceEntry)
        .select_from(Event)
        .outerjoin(Signup, Signup.id == latest)
        .outerjoin(AttendanceEntry, is_mine)
        .where(
            Event.state.not_in({EventState.DRAFT, *_OVER}),
            Event.ends_at >= now,
            Event.starts_at < now + HORIZON,
            concerns,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
        .options(joinedload(Event.host))
    )
    return [Appointment(*row) for row in rows]


def open_for(person: Person, *, limit: int) -> Sequence[Event]:
    """Return the events, open to all, that the person could sign up for now, soonest first."""
    now = clock.now()
    signed_up = select(Signup.event_id).where(
        Signup.person_id == person.id, Signup.status.in_(LIVE)
    )
    return db.session.scalars(
        select(Event)
        .where(
            Event.state == EventState.PUBLISHED,
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


def calendar_of(person: Person) -> Sequence[Event]:
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
            Event.starts_at > clock.now() - _IN_MY_CALENDAR,
            or_(Event.id.in_(has_place), is_due),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(_MOST_IN_MY_CALENDAR)
        .options(joinedload(Event.host))
    ).all()


# ------------------------------------------------------------------ what a host runs


@dataclass(frozen=True)
class Hosted:
    """The events of a host's part of the tree that matter now, soonest first."""

    coming: list[Event]
    open_ends: list[Event]


def hosted(roots: Collection[Organisation], *, since: datetime, coming: int, ends: int) -> Hosted:
    """Return, in one question, what is coming and what is not settled in these subtrees.

    `coming` of those that are published and end at or after `since`; `ends` of the rolls to
    confirm, the drafts, and what has no new date yet.
    """
    hosts = select(Organisation.id).where(in_subtrees(roots))
    parts = (("coming", _is_coming(since), coming), ("open", _is_unsettled(), ends))
    wanted = union_all(
        *(
            select(
                select(Event.id, literal(part).label("part"))
                .where(Event.host_id.in_(hosts), condition)
                .order_by(Event.starts_at, Event.id)
                .limit(most)
                .subquery()
            )
            for part, condition, most in parts
        )
    ).subquery()
    rows = db.session.execute(
        select(Event, wanted.c.part)
        .join(wanted, Event.id == wanted.c.id)
        .order_by(Event.starts_at, Event.id)
        .options(joinedload(Event.host))
    ).all()
    return Hosted(
        [event for event, part in rows if part == "coming"],
        [event for event, part in rows if part == "open"],
    )


def _is_coming(since: datetime) -> ColumnElement[bool]:
    return and_(
        Event.state.in_({EventState.PUBLISHED, *_OVER}),
        Event.ends_at >= since,
        Event.starts_at < clock.now() + HORIZON,
    )


def _is_unsettled() -> ColumnElement[bool]:
    now = clock.now()
    is_over = and_(
        Event.state.in_({EventState.PUBLISHED, EventState.ENDED}),
        or_(Event.ends_at < now, Event.state == EventState.ENDED),
    )
    is_open = Event.state.in_({EventState.DRAFT, EventState.POSTPONED})
    return and_(or_(is_over, is_open), Event.starts_at > now - MEMORY)


# ------------------------------------------------------------------ what I was counted at


@dataclass(frozen=True)
class Attended:
    """One row of the reader's own record; provisional until the roll is confirmed."""

    event_id: int
    title: str
    kind: EventKind
    place: str
    starts_at: datetime
    status: AttendanceStatus
    is_confirmed: bool

    @property
    def year(self) -> int:
        """The year it belongs to, on China's calendar."""
        return clock.local(self.starts_at).year


def attended(person: Person) -> list[Attended]:
    """Return everything the person was counted at, latest first.

    Left out: rolls on which nothing has been said of the person yet, and those that do not
    expect the person (exempt).
    """
    rows = db.session.execute(
        select(
            Event.id,
            Event.title,
            Event.kind,
            Event.place,
            Event.starts_at,
            AttendanceEntry.status,
            Roll.confirmed_at.is_not(None),
        )
        .select_from(AttendanceEntry)
        .join(Event, Event.id == AttendanceEntry.event_id)
        .join(Roll, Roll.event_id == AttendanceEntry.event_id)
        .where(
            AttendanceEntry.person_id == person.id,
            AttendanceEntry.status.not_in({AttendanceStatus.EXPECTED, AttendanceStatus.EXEMPT}),
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
    )
    return [Attended(*row) for row in rows]


# ------------------------------------------------------------------ what the portal keeps of me


def whole_person(person: Person) -> Person:
    """Return the person with memberships, posts and their organisations."""
    return db.session.scalars(
        select(Person)
        .where(Person.id == person.id)
        .options(
            selectinload(Person.memberships).joinedload(Membership.organisation),
            selectinload(Person.posts).joinedload(Post.organisation),
            selectinload(Person.grants).joinedload(RoleGrant.organisation),
        )
        .execution_options(populate_existing=True)
    ).one()


def secretaries_of(branch: Organisation) -> Sequence[str]:
    """Return the names of those who are secretary of the branch today: they correct records."""
    today = clock.today()
    return db.session.scalars(
        select(Person.name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == Role.BRANCH_SECRETARY,
            RoleGrant.organisation_id == branch.id,
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
        .order_by(Person.stroke_key)
    ).all()


def above(branch: Organisation) -> Sequence[str]:
    """Return the names of the organisation and those above it, from the branch up."""
    codes = branch.path.strip("/").split("/")
    return db.session.scalars(
        select(Organisation.name)
        .where(Organisation.code.in_(codes))
        .order_by(func.length(Organisation.path).desc())
    ).all()


def signups_of(person: Person) -> Sequence[Signup]:
    """Return every sign-up of the person, whatever became of it, with its event."""
    return db.session.scalars(
        select(Signup)
        .where(Signup.person_id == person.id)
        .order_by(Signup.id)
        .options(joinedload(Signup.event))
    ).all()


def invitations_of(person: Person) -> Sequence[tuple[str, datetime]]:
    """Return title of the event and moment of every invitation of the person."""
    rows = db.session.execute(
        select(Event.title, EventInvitation.invited_at)
        .join(Event, Event.id == EventInvitation.event_id)
        .where(EventInvitation.person_id == person.id, Event.state != EventState.DRAFT)
        .order_by(EventInvitation.id)
    )
    return [(title, at) for title, at in rows]


def sessions_of(account: Account, *, limit: int = 100) -> Sequence[LoginSession]:
    """Return the account's latest sessions, latest first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account.id)
        .order_by(LoginSession.id.desc())
        .limit(limit)
    ).all()


def find_calendar_owner(number: str) -> Account | None:
    """Return the account whose calendar address bears this number, with person and grants."""
    return db.session.scalar(
        select(Account)
        .where(Account.calendar_token == number)
        .options(
            joinedload(Account.person)
            .selectinload(Person.grants)
            .joinedload(RoleGrant.organisation)
        )
    )


# ------------------------------------------------------------------ what waits for administrators


@dataclass(frozen=True)
class Chain:
    """How long the audit chain is, and when its last link was added."""

    length: int
    last_at: datetime | None


def accounts_waiting(*, limit: int) -> Sequence[Account]:
    """Return the accounts that nobody has confirmed, longest waiting first."""
    return db.session.scalars(
        select(Account)
        .where(Account.confirmed_at.is_(None), Account.is_active)
        .order_by(Account.created_at, Account.id)
        .limit(limit)
        .options(joinedload(Account.person))
    ).all()


def accounts_locked(*, limit: int) -> Sequence[Account]:
    """Return the accounts that too many failures keep shut now."""
    return db.session.scalars(
        select(Account)
        .where(Account.locked_until > clock.now(), Account.is_active)
        .order_by(Account.locked_until)
        .limit(limit)
        .options(joinedload(Account.person))
    ).all()


def accounts_expiring(*, within: timedelta, limit: int) -> Sequence[Account]:
    """Return the accounts whose last day is near or over, soonest first."""
    return db.session.scalars(
        select(Account)
        .where(
            Account.expires_on.is_not(None),
            Account.expires_on <= clock.today() + within,
            Account.is_active,
        )
        .order_by(Account.expires_on)
        .limit(limit)
        .options(joinedload(Account.person))
    ).all()


def grants_ending(*, within: timedelta, limit: int) -> Sequence[tuple[str, RoleGrant]]:
    """Return name and grant where a role ends soon, soonest first."""
    today = clock.today()
    rows = db.session.execute(
        select(Person.name, RoleGrant)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.valid_to >= today, RoleGrant.valid_to <= today + within)
        .order_by(RoleGrant.valid_to)
        .limit(limit)
        .options(joinedload(RoleGrant.organisation))
    )
    return [(name, grant) for name, grant in rows]


def chain() -> Chain:
    """Return the state of the audit chain as its head says it; nothing is verified here."""
    row = db.session.execute(
        select(AuditHead.last_id, AuditEntry.at).outerjoin(
            AuditEntry, AuditEntry.id == AuditHead.last_id
        )
    ).one()
    return Chain(*row)
