"""Who makes and takes year archives: those who run the events of that part of the tree."""

from portal.archives.models import ArchiveState, YearArchive
from portal.people.models import Organisation
from portal.people.policies import HOSTS, holds, is_administrator, is_host_somewhere
from portal.people.readers import Somebody


def may_open_archives(person: Somebody) -> bool:
    """Those who run events for some organisation; no administrator."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_archive(person: Somebody, organisation: Organisation) -> bool:
    """The whole subtree must lie within one's duties: its papers name people."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)


def may_see(person: Somebody, archive: YearArchive) -> bool:
    """Whoever might make it."""
    return may_archive(person, archive.organisation)


def can_be_taken(archive: YearArchive) -> bool:
    """Return whether there is a file to take."""
    return archive.state is ArchiveState.READY
