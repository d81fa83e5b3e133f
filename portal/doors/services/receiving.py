"""From what a door has sent to check-ins of the roll: passes become persons here."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from portal import clock
from portal.attendance import services as attendance
from portal.attendance.models import Direction, Method
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn, Result
from portal.doors import passes, queries
from portal.events.models import Event
from portal.people.models import Person

# Of a pass that opened nothing so much is kept as tells two of them apart.
_TAIL = 6


class Sent(NamedTuple):
    """One check-in of a door: a person's number, or the text of a pass."""

    client_id: str
    at: datetime
    method: Method
    person_id: int | None = None
    presented: str | None = None
    direction: Direction | None = None


def receive(
    *,
    event: Event,
    sent: Sequence[Sent],
    actor: Person,
    device: str,
    key: str,
    timing: Timing,
) -> list[Result]:
    """Record what a door saw; see `attendance.services.record` for the answers.

    A pass is judged as of the moment it was shown, so that it does not matter when a door
    without a network delivers.
    """
    now = clock.now()
    read = {
        one.presented: passes.read(one.presented, key) for one in sent if one.presented is not None
    }
    owners = queries.owners({found.text_hash for found in read.values() if found})

    def check_in(one: Sent) -> CheckIn:
        if one.presented is None:
            return CheckIn(
                one.client_id, one.person_id, one.at, one.method, direction=one.direction
            )
        shown_at = min(one.at, now)
        found = read[one.presented]
        owner = owners.get(found.text_hash) if found else None
        is_good = (
            found is not None
            and owner is not None
            and clock.local(shown_at).date() <= found.expires_on
            and (owner.revoked_at is None or shown_at < owner.revoked_at)
        )
        return CheckIn(
            one.client_id,
            owner.person_id if owner else None,
            one.at,
            one.method,
            given="" if is_good else one.presented[-_TAIL:],
            is_bad_pass=not is_good,
            direction=one.direction,
        )

    return attendance.record(
        event=event,
        items=[check_in(one) for one in sent],
        actor=actor,
        timing=timing,
        device=device,
    )
