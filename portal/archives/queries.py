"""Questions about year archives."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import paging
from portal.archives import hooks
from portal.archives.hooks import Matter, Year
from portal.archives.models import ArchiveState, YearArchive
from portal.database import db
from portal.errors import NotFoundError
from portal.jobs import queries as jobs
from portal.jobs.models import UNFINISHED, Job
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody

KIND = "year-archive"
FORGET = "forget-archive"
MOST_MATTERS = 200


def archives_of(person: Somebody, number: int) -> "paging.Page[YearArchive]":
    """Return page `number` of the archives within the person's duties, the latest first."""
    wanted = (
        select(YearArchive)
        .join(Organisation, Organisation.id == YearArchive.organisation_id)
        .where(in_subtrees(scope(person, HOSTS)))
        .order_by(YearArchive.id.desc())
        .options(joinedload(YearArchive.organisation), joinedload(YearArchive.asked_by))
    )
    return paging.page_of(wanted, number)


def archive(archive_id: int) -> YearArchive:
    """Return one archive with its organisation; raise NotFoundError."""
    found = db.session.scalar(
        select(YearArchive)
        .where(YearArchive.id == archive_id)
        .options(joinedload(YearArchive.organisation), joinedload(YearArchive.asked_by))
    )
    if found is None:
        raise NotFoundError("没有找到这份档案，可能已被删除。")
    return found


def find_under_way(organisation: Organisation, year: int) -> YearArchive | None:
    """Return the archive of that year that was asked for and is not there yet."""
    return db.session.scalar(
        select(YearArchive).where(
            YearArchive.organisation_id == organisation.id,
            YearArchive.year == year,
            YearArchive.state == ArchiveState.ASKED,
        )
    )


def job_of(archive: YearArchive) -> Job | None:
    """Return how it stands with the making of an archive."""
    return jobs.latest(KIND, str(archive.id))


def is_being_made(job: Job | None) -> bool:
    """Return whether somebody is still at it, or will be."""
    return job is not None and job.state in UNFINISHED


def put_away_counts(year: Year) -> list[tuple[hooks.Shelf, int]]:
    """Return what of the year can be put away for good, and how much of it."""
    return [(shelf, shelf.count(year)) for shelf in hooks.shelves]


def open_matters(organisation: Organisation) -> Sequence[Matter]:
    """Return what is still open in the subtree, by day; what has no day comes last."""
    found = [one for ask in hooks.matters for one in ask(organisation.path, MOST_MATTERS)]
    return sorted(found, key=lambda one: (one.day is None, one.day or date.max))
