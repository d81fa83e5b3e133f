"""What a host scans at the door: one pass, one answer in words; a wrong one taken back."""

from datetime import timedelta
from typing import NamedTuple

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance import services as rolls
from portal.attendance.models import AttendanceEntry, AttendanceScan, Method, Outcome
from portal.attendance.rules import Timing
from portal.doors import passes, queries
from portal.doors.services.receiving import Sent, receive
from portal.errors import ConflictError, NotFoundError
from portal.events.models import Event
from portal.people.models import Person

# What a page kept back while the network was away; more is no wait of a queue.
LONGEST_WAIT = timedelta(hours=12)


class Seen(NamedTuple):
    """What came of one scan, with whatever there is to say about it."""

    scan: AttendanceScan
    entry: AttendanceEntry | None
    words: str
    # Where the person sits; nothing where no seats were planned.
    place: str = ""


def scan(
    *,
    event: Event,
    presented: str,
    client_id: str,
    waited: timedelta,
    door: str,
    actor: Person,
    key: str,
    timing: Timing,
) -> Seen:
    """Record a pass that was held before this page's scanner or camera `waited` ago.

    The same `client_id` again is the same scan.
    """
    at = clock.now() - max(timedelta(0), min(waited, LONGEST_WAIT))
    receive(
        event=event,
        sent=[Sent(client_id, at, Method.SCAN, presented=presented)],
        actor=actor,
        device=door,
        key=key,
        timing=timing,
    )
    kept = attendance.find_scan(event.id, client_id)
    if kept is None:
        raise NotFoundError("没有找到这次扫码。")
    entry, place = (
        queries.entry_with_place(event.id, kept.person_id) if kept.person_id else (None, "")
    )
    return Seen(kept, entry, _words(kept, presented, key), place)


def undo_scan(*, event: Event, client_id: str, actor: Person) -> None:
    """Take back a scan that was wrong: the person is as before it.

    Raises NotFoundError for a scan that is none, ConflictError for one that changed nothing
    or after which somebody has said something else.
    """
    kept = attendance.find_scan(event.id, client_id)
    if kept is None:
        raise NotFoundError("没有找到这次扫码，名册没有改动。")
    mark = attendance.find_mark_of_scan(kept)
    if kept.outcome is not Outcome.RECORDED or mark is None:
        raise ConflictError("这次扫码没有改动名册，不用撤销。")
    rolls.undo(event=event, mark_id=mark.id, actor=actor)


def _words(kept: AttendanceScan, presented: str, key: str) -> str:
    """Return what is wrong, as plainly as it is known; nothing where all is well."""
    if kept.outcome is Outcome.CLOSED:
        return "现在不能签到：还没有开始，或者名册已经确认。"
    if kept.outcome is Outcome.NOT_EXPECTED:
        return "凭证是真的，但人不在这次活动的名册上。要参加的，请现场登记。"
    if kept.outcome is not Outcome.BAD_PASS:
        return ""
    read = passes.read(presented, key)
    if read is None:
        return "不是本门户的签到凭证，或者没有扫完整。请再扫一次，或者在名册上点名。"
    owner = queries.owners({read.text_hash}).get(read.text_hash)
    if owner is not None and owner.revoked_at is not None:
        return "这张凭证已经停用（挂失或换过新的）。请本人出示新的，或者在名册上点名。"
    return "这张凭证已经过期。请在名册上点名，并请本人换一张。"
