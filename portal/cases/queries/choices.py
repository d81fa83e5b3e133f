"""What a form offers: where a case belongs, who can be given it."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import or_, select

from portal import clock
from portal.cases.policies import OPENERS
from portal.database import db
from portal.people.models import Organisation, OrganisationKind, Person, Role, RoleGrant
from portal.people.policies import scope
from portal.people.queries import in_subtrees, organisations
from portal.people.readers import Somebody

# Who can be named as in charge: whoever has a duty that has to do with cases.
IN_CHARGE = OPENERS | {Role.SITE_KEEPER}
_MOST_PEOPLE = 400


def own_organisations(reader: Somebody) -> Sequence[Organisation]:
    """Return the organisations for which the reader takes cases down, in tree order."""
    return organisations(scope(reader, OPENERS))


def possible_leads(reader: Somebody) -> Sequence[Organisation]:
    """Return whom the reader may give a case to: the own part of the tree, what stands above
    it, and the units anywhere (吹哨报到).
    """
    roots = scope(reader, OPENERS)
    above = {code for root in roots for code in root.path.strip("/").split("/")}
    today = clock.today()
    return db.session.scalars(
        select(Organisation)
        .where(
            or_(
                in_subtrees(roots),
                Organisation.code.in_(above),
                Organisation.kind == OrganisationKind.UNIT,
            ),
            or_(Organisation.valid_to.is_(None), Organisation.valid_to >= today),
        )
        .order_by(Organisation.path)
    ).all()


class InCharge(NamedTuple):
    """Somebody who can be named, and where the duty lies."""

    id: int
    name: str
    duty: str


def possible_people(leads: Sequence[Organisation]) -> list[InCharge]:
    """Return who has a duty over one of these organisations, by name."""
    today = clock.today()
    rows = db.session.execute(
        select(Person.id, Person.name, RoleGrant.role, Organisation.short_name)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(
            Organisation.id.in_([one.id for one in leads]),
            RoleGrant.role.in_(IN_CHARGE),
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
        .order_by(Person.pinyin_key, Person.id)
        .limit(_MOST_PEOPLE)
    )
    found: dict[int, InCharge] = {}
    for person_id, name, role, unit in rows:
        found.setdefault(person_id, InCharge(person_id, name, f"{unit} {role.label}"))
    return list(found.values())
