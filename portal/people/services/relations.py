"""Changes to where somebody belongs and which posts somebody holds; all of it dated.

Nothing is overwritten: a relation is closed and another one opened, so that an old roll still
finds the branch of its day. "From a day on" means: the old one's last day is the day before.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import (
    EndReason,
    Membership,
    MembershipKind,
    Organisation,
    Participation,
    Person,
    PersonKind,
    Post,
    RoleGrant,
)
from portal.people.services.days import check_day
from portal.people.services.leaving import Departure, end_what_was_left
from portal.people.services.persons import check_takes_people


def primary_of(person: Person) -> Membership | None:
    """Return the primary relation without an end, if there is one."""
    return next(
        (
            relation
            for relation in person.memberships
            if relation.kind is MembershipKind.PRIMARY and relation.valid_to is None
        ),
        None,
    )


def transfer(
    *,
    person: Person,
    membership_id: int | None,
    to: Organisation,
    day: date,
    actor: audit.Acting,
) -> list[RoleGrant]:
    """Move somebody's primary branch from a day on; the former one stays in the history.

    Posts held in the former branch end with it, and the duties over what was left: they are
    returned.

    `membership_id` is the relation that the reader saw (None: there was none); if it is not
    the present one, somebody was faster: ConflictError. Raises InvalidInputError for a day
    that is too far ahead or before the former relation began.
    """
    present = primary_of(person)
    if (present.id if present else None) != membership_id:
        where = f"现在在“{present.organisation.name}”" if present else "现在没有组织关系"
        raise ConflictError(f"此人的组织关系刚刚变动过，{where}。请刷新后再办理。")
    check_day(day)
    check_takes_people(to, day)
    if present is not None and present.organisation_id == to.id:
        raise InvalidInputError("已经在这个支部了，请选择要转入的支部。", field="organisation")
    _check_no_overlap(person, day)
    former = present.organisation if present else None
    if present is not None and present.valid_from == day:
        # Put into the wrong branch on that very day: set right, nobody belonged there.
        present.organisation_id, present.organisation = to.id, to
    else:
        if present is not None:
            _close(present, day, EndReason.TRANSFERRED)
            _end_posts(person, present.organisation_id, day)
            db.session.flush()  # closed before the next opens: one open primary a person
        _open(person, to, day, kind=MembershipKind.PRIMARY)
    for relation in person.memberships:
        takes_part = relation.kind is MembershipKind.PARTICIPATING and relation.valid_to is None
        if takes_part and relation.organisation_id == to.id:
            _close(relation, max(day, relation.valid_from or day), EndReason.FINISHED)
    person.kind = PersonKind.MEMBER
    db.session.flush()
    audit.record(
        "person.transferred",
        person,
        actor=actor,
        changes={"所在党组织": [former.name if former else "", to.name]},
        day=day,
    )
    return _end_duties(person, [former], day, actor) if former else []


def join(
    *,
    person: Person,
    organisation: Organisation,
    participation: Participation,
    since: date,
    actor: audit.Acting,
) -> Membership:
    """Let somebody take part in another organisation (流动、双报到、兼职委员、来宾).

    Raises ConflictError if the same relation exists already.
    """
    check_day(since)
    check_takes_people(organisation, since)
    for relation in person.memberships:
        if relation.organisation_id == organisation.id and not relation.is_over_on(since):
            raise ConflictError(f"此人已经在“{organisation.name}”（{relation.label}）。")
    opened = _open(
        person,
        organisation,
        since,
        kind=MembershipKind.PARTICIPATING,
        participation=participation,
    )
    db.session.flush()
    audit.record(
        "person.joined",
        person,
        actor=actor,
        organisation=organisation.name,
        relation=participation.label,
        day=since,
    )
    return opened


def end_membership(
    *,
    person: Person,
    membership: Membership,
    reason: EndReason,
    day: date,
    actor: audit.Acting,
) -> list[RoleGrant]:
    """End a relation: `day` is the first one on which it no longer holds. Death ends them all.

    Posts held in that organisation end with it, and the duties over what was left: they are
    returned. With the last relation the account ends. Raises ConflictError if it has ended
    already.
    """
    if membership.valid_to is not None:
        raise ConflictError("这条关系已经结束了。")
    check_day(day)
    _close(membership, day, reason)
    left = [membership]
    if reason is EndReason.DECEASED:
        others = [other for other in person.memberships if other.valid_to is None]
        for other in others:
            _close(other, max(day, other.valid_from or day), reason)
        left += others
    for relation in left:
        _end_posts(person, relation.organisation_id, day)
    db.session.flush()
    audit.record(
        "person.membership_ended",
        person,
        actor=actor,
        organisation="、".join(relation.organisation.name for relation in left),
        relation=membership.label,
        reason=reason.label,
        day=day,
    )
    return _end_duties(person, [relation.organisation for relation in left], day, actor)


def add_post(
    *,
    person: Person,
    organisation: Organisation,
    title: str,
    since: date | None,
    actor: audit.Acting,
) -> Post:
    """Note a post that somebody holds; raise ConflictError if it is noted already."""
    if since is not None:
        check_day(since)
    check_takes_people(organisation, since or clock.today())
    today = clock.today()
    for held in person.posts:
        same = (held.organisation_id, held.title) == (organisation.id, title)
        if same and not held.is_over_on(today):
            raise ConflictError(f"此人已经在“{organisation.name}”任{title}。")
    post = Post(person_id=person.id, organisation_id=organisation.id, title=title, valid_from=since)
    db.session.add(post)
    db.session.flush()
    audit.record(
        "person.post_added",
        person,
        actor=actor,
        organisation=organisation.name,
        title=title,
        day=since,
    )
    return post


def end_post(*, person: Person, post: Post, day: date, actor: audit.Acting) -> None:
    """End a post from a day on; raise ConflictError if it has ended already."""
    if post.valid_to is not None:
        raise ConflictError("这个职务已经结束了。")
    check_day(day)
    if post.valid_from is not None and day < post.valid_from:
        raise InvalidInputError("不能早于任职开始的日期。", field="day")
    post.valid_to = day - timedelta(days=1)
    db.session.flush()
    audit.record(
        "person.post_ended",
        person,
        actor=actor,
        organisation=post.organisation.name,
        title=post.title,
        day=day,
    )


def _open(
    person: Person,
    organisation: Organisation,
    since: date,
    *,
    kind: MembershipKind,
    participation: Participation | None = None,
) -> Membership:
    opened = Membership(
        organisation=organisation, kind=kind, participation=participation, valid_from=since
    )
    person.memberships.append(opened)
    return opened


def _close(membership: Membership, day: date, reason: EndReason) -> None:
    if membership.valid_from is not None and day < membership.valid_from:
        raise InvalidInputError("不能早于这条关系开始的日期。", field="day")
    membership.valid_to = day - timedelta(days=1)
    membership.end_reason = reason


def _end_posts(person: Person, organisation_id: int, day: date) -> None:
    """Let the posts held in an organisation end with the relation to it."""
    for post in person.posts:
        if post.organisation_id == organisation_id and post.valid_to is None:
            last = day - timedelta(days=1)
            post.valid_to = last if post.valid_from is None else max(last, post.valid_from)


def _end_duties(
    person: Person, left: Sequence[Organisation], day: date, actor: audit.Acting
) -> list[RoleGrant]:
    departures = [Departure(person.id, organisation.path) for organisation in left]
    return end_what_was_left(departures, day=day, actor=actor)


def _check_no_overlap(person: Person, day: date) -> None:
    """Nobody has two primary branches on one day, not even where an end lies ahead."""
    for relation in person.memberships:
        is_primary = relation.kind is MembershipKind.PRIMARY
        if is_primary and relation.valid_to is not None and relation.valid_to >= day:
            raise InvalidInputError(
                f"在“{relation.organisation.name}”的组织关系到 {relation.valid_to} 为止，"
                "转入日期要在这以后。",
                field="day",
            )
