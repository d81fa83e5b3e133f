"""What is agreed for days on which a site is shut: it stays, and its keepers are told. Pure."""

from collections.abc import Iterable, Sequence

from portal.sites.models import Closure
from portal.sites.opening import is_shut_on
from portal.sites.uses.models import RoomUse


def falling_in(closure: Closure, uses: Iterable[RoomUse]) -> Sequence[RoomUse]:
    """Return the uses that take place on a day, and in a room, that the closure shuts."""
    return [use for use in uses if any(is_shut_on(closure, day, use.room_id) for day in use.days)]
