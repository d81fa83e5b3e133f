"""What is due: sites whose review, rectification or validity runs out."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, or_, select

from portal import clock, paging
from portal.database import db
from portal.people.models import Organisation, RoleGrant
from portal.people.readers import Somebody
from portal.sites.models import Site, SiteState
from portal.sites.policies import KEEPERS
from portal.sites.queries import kept_by
from portal.sites.reviews import NOTICE, Urgency, urgency

_IN_THE_REGISTER = (SiteState.NAMED, SiteState.UNDER_REVIEW, SiteState.RECTIFY)


class DueSite(NamedTuple):
    """A site whose review is due."""

    id: int
    name: str
    state: SiteState
    named_on: date | None
    valid_until: date | None
    review_due_on: date
    organisation_name: str

    @property
    def urgency(self) -> Urgency:
        """How it stands to today."""
        return urgency(self.review_due_on, clock.today())


_COLUMNS = [getattr(Site, name) for name in DueSite._fields if name != "organisation_name"]


def _due(person: Somebody) -> Select[DueSite]:
    """Select what is due within the notice in the reader's part of the tree, soonest first."""
    return (
        select(*_COLUMNS, Organisation.short_name)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(
            kept_by(person),
            Site.state.in_(_IN_THE_REGISTER),
            Site.review_due_on <= clock.today() + NOTICE,
        )
        .order_by(Site.review_due_on, Site.id)
    )


def page_of_due(person: Somebody, number: int) -> paging.Page[DueSite]:
    """Return page `number` of what is due for those who keep the sites, soonest first."""
    return paging.page_of_rows(paging.paged(_due(person)), number, DueSite._make, {})


def due_for(person: Somebody, *, limit: int) -> Sequence[DueSite]:
    """Return the first of what is due, for the reader's home."""
    return [DueSite._make(row) for row in db.session.execute(_due(person).limit(limit))]


class Reminder(NamedTuple):
    """A site that its keepers are to be told of."""

    id: int
    name: str
    organisation_path: str
    review_due_on: date


def to_remind_of(until: date) -> Sequence[Reminder]:
    """Return the sites whose review is due by that day, with where they belong."""
    rows = db.session.execute(
        select(Site.id, Site.name, Organisation.path, Site.review_due_on)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .where(Site.state.in_(_IN_THE_REGISTER), Site.review_due_on <= until)
        .order_by(Site.review_due_on, Site.id)
    )
    return [Reminder._make(row) for row in rows]


def keepers_of(path: str, *, but: int = 0) -> Select[int]:
    """Select who keeps sites of the organisation with this path, `but` one person."""
    today = clock.today()
    above = [code for code in path.split("/") if code]
    return (
        select(RoleGrant.person_id)
        .join(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(
            Organisation.code.in_(above),
            RoleGrant.role.in_(KEEPERS),
            RoleGrant.person_id != but,
            or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
            or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
        )
    )
