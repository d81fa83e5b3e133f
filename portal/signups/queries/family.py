"""Who may sign up whom without running anything: family and neighbours."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Account, Membership, Person
from portal.people.readers import Somebody, Somewhere
from portal.signups.models import SignupHelper
from portal.signups.queries.candidates import people_within


def helped_among(helper: Somebody, person_ids: Collection[int]) -> set[int]:
    """Return those of these people whom the helper may sign up now."""
    wanted = select(SignupHelper.person_id).where(
        SignupHelper.helper_id == helper.id,
        SignupHelper.person_id.in_(person_ids),
        SignupHelper.revoked_at.is_(None),
    )
    return set(db.session.scalars(wanted))


def helped(helper: Somebody) -> Sequence[SignupHelper]:
    """Return whom the helper may sign up now, with the persons and their memberships."""
    return db.session.scalars(
        select(SignupHelper)
        .join(Person, Person.id == SignupHelper.person_id)
        .where(SignupHelper.helper_id == helper.id, SignupHelper.revoked_at.is_(None))
        .options(
            joinedload(SignupHelper.person)
            .selectinload(Person.memberships)
            .joinedload(Membership.organisation)
        )
        .order_by(Person.stroke_key, Person.id)
    ).all()


def helpers_of(person_id: int) -> Sequence[SignupHelper]:
    """Return who may sign the person up, and who once might, the present ones first."""
    return db.session.scalars(
        select(SignupHelper)
        .where(SignupHelper.person_id == person_id)
        .options(joinedload(SignupHelper.helper))
        .order_by(SignupHelper.revoked_at.is_not(None), SignupHelper.id.desc())
        .limit(50)
    ).all()


def helper_row(person_id: int, helper_id: int) -> SignupHelper:
    """Return the leave that holds between the two; raise NotFoundError."""
    found = db.session.scalar(
        select(SignupHelper).where(
            SignupHelper.person_id == person_id,
            SignupHelper.helper_id == helper_id,
            SignupHelper.revoked_at.is_(None),
        )
    )
    if found is None:
        raise NotFoundError("没有找到这条登记，可能已经取消。")
    return found


def find_helpers(
    roots: Collection[Somewhere], typed: str, *, but: int, most: int
) -> Sequence[Person]:
    """Return people of these subtrees with an account, found by any key; not the person."""
    with_account = select(Account.person_id).where(Account.is_active)
    wanted = people_within(roots, typed=typed).where(Person.id.in_(with_account), Person.id != but)
    return db.session.scalars(wanted.limit(most).options(selectinload(Person.memberships))).all()
