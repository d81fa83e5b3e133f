"""What was voted on and resolved, and what was added to a confirmed record."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal import paging
from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.records.models import (
    Addendum,
    MeetingRecord,
    Progress,
    Resolution,
    ResolutionStep,
    Vote,
)


class OpenResolution(NamedTuple):
    """What is not carried out yet, of which record, and whose."""

    resolution: Resolution
    record_id: int
    title: str
    organisation: str


def votes(record: MeetingRecord) -> Sequence[Vote]:
    """Return the votes of a record in the order in which they were entered."""
    return db.session.scalars(
        select(Vote).where(Vote.record_id == record.id).order_by(Vote.id)
    ).all()


def vote(record: MeetingRecord, vote_id: int) -> Vote:
    """Return one vote of the record; raise NotFoundError."""
    found = db.session.scalar(select(Vote).where(Vote.id == vote_id, Vote.record_id == record.id))
    if found is None:
        raise NotFoundError("没有找到这次表决。")
    return found


def resolutions(record: MeetingRecord) -> Sequence[Resolution]:
    """Return what was resolved, with every step that was reported."""
    return db.session.scalars(
        select(Resolution)
        .where(Resolution.record_id == record.id)
        .options(selectinload(Resolution.steps).joinedload(ResolutionStep.written_by))
        .order_by(Resolution.id)
    ).all()


def resolution(record: MeetingRecord, resolution_id: int) -> Resolution:
    """Return one resolution of the record; raise NotFoundError."""
    found = db.session.scalar(
        select(Resolution).where(Resolution.id == resolution_id, Resolution.record_id == record.id)
    )
    if found is None:
        raise NotFoundError("没有找到这项决议。")
    return found


def open_resolutions(person: Somebody, number: int) -> "paging.Page[OpenResolution]":
    """Return page `number` of what is not carried out yet, the soonest due first.

    What has no date comes last.
    """
    roots = [] if is_administrator(person) else scope(person, HOSTS)
    wanted: Select[*tuple[Any, ...]] = (
        select(Resolution, MeetingRecord.id, MeetingRecord.title, Organisation.short_name)
        .join(MeetingRecord, MeetingRecord.id == Resolution.record_id)
        .join(Organisation, Organisation.id == MeetingRecord.organisation_id)
        .where(
            Resolution.progress.in_((Progress.OPEN, Progress.UNDER_WAY)),
            in_subtrees(roots),
        )
        .order_by(Resolution.due_on.is_(None), Resolution.due_on, Resolution.id)
    )
    return paging.page_of_rows(paging.paged(wanted), number, OpenResolution._make, {})


def addenda(record: MeetingRecord) -> Sequence[Addendum]:
    """Return what was added after the confirmation, the first first."""
    return db.session.scalars(
        select(Addendum)
        .where(Addendum.record_id == record.id)
        .options(joinedload(Addendum.written_by))
        .order_by(Addendum.id)
    ).all()
