"""What is refused when a room is wanted that is taken."""

from collections.abc import Sequence

from portal import clock
from portal.errors import ConflictError
from portal.sites.models import Room
from portal.sites.uses.models import RoomUse


class RoomTakenError(ConflictError):
    """The room is taken at that time; `uses` are what is there."""

    def __init__(self, room: Room, uses: Sequence[RoomUse]) -> None:
        self.room = room
        self.uses = tuple(uses)
        there = "；".join(f"{_span(use)} {use.told}" for use in uses) or "别人刚刚订下"
        super().__init__(f"{room.name}在这段时间已被占用：{there}。")


def _span(use: RoomUse) -> str:
    start, end = clock.local(use.starts_at), clock.local(use.ends_at)
    last = "" if start.date() == end.date() else f"{end.month}月{end.day}日 "
    return f"{start.month}月{start.day}日 {start:%H:%M}–{last}{end:%H:%M}"
