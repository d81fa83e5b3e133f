"""The year archive of the demo: the first branch has asked for last year's."""

from sqlalchemy import select

from portal import clock
from portal.archives import services
from portal.archives.models import ArchiveState, YearArchive
from portal.database import db
from portal.demo.world import World
from portal.jobs.hooks import Work

_COMMUNITY = "ZHL-01"


def ask_for_archive(world: World) -> None:
    """Ask for the archive of the year that is over, and of this one as far as it goes."""
    host = world.host_of(_COMMUNITY)
    for year in (clock.today().year - 1, clock.today().year):
        services.ask(organisation=world.organisations[_COMMUNITY], year=year, actor=host)


def make_archives() -> None:
    """Make the archives that were asked for; a worker finds nothing to do then."""
    wanted = select(YearArchive.id).where(YearArchive.state == ArchiveState.ASKED)
    for archive_id in db.session.scalars(wanted).all():
        db.session.rollback()
        services.make(Work({"archive_id": archive_id}))
