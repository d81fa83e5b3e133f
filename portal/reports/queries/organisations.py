"""The organisations that a report is about."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.readers import Somebody, Somewhere


def roots_of(person: Somebody) -> Sequence[Somewhere]:
    """Return the organisations whose events the person runs, the uppermost first."""
    return sorted(scope(person, HOSTS), key=lambda one: (one.path.count("/"), one.path))


def organisation(organisation_id: int) -> Organisation:
    """Return an organisation; raise NotFoundError."""
    found = db.session.get(Organisation, organisation_id)
    if found is None:
        raise NotFoundError("没有这个组织。")
    return found


def children(parent: Organisation) -> Sequence[Organisation]:
    """Return the organisations right below one, in the order of the tree."""
    return db.session.scalars(
        select(Organisation).where(Organisation.parent_id == parent.id).order_by(Organisation.path)
    ).all()
