"""How many are where on a roll."""

import time
from collections.abc import Sequence

from sqlalchemy import func, select

from portal.attendance.models import OUTSIDE, AttendanceEntry, AttendanceStatus, Roll
from portal.attendance.rules import Balance, balance
from portal.database import one_of, remembered
from portal.statements import Ready

# Rolls whose numbers are remembered: those of some pages of a list.
MOST_REMEMBERED = 2_000


def numbers(event_id: int) -> Balance:
    """Return the four numbers of a roll and those beside them."""
    return numbers_of([event_id]).get(event_id) or balance({})


def numbers_of(event_ids: Sequence[int]) -> dict[int, Balance]:
    """Return the numbers of many rolls in one question; events without entries are left out."""
    rows = _NUMBERS.rows({"event_ids": list(event_ids)})
    counts: dict[int, dict[AttendanceStatus, int]] = {}
    others: dict[int, int] = {}
    for event_id, status, people, here in rows:
        counts.setdefault(event_id, {})[status] = people
        if status in OUTSIDE:
            others[event_id] = others.get(event_id, 0) + here
    return {
        event_id: balance(by_status, others_come=others.get(event_id, 0))
        for event_id, by_status in counts.items()
    }


def numbers_at(roll: Roll) -> Balance:
    """Return the numbers of a roll as it stands; for pages that only read, see below."""
    known = _known()
    key = (roll.event_id, roll.code_secret, roll.revision)
    found = known.get(key)
    if found is None:
        found = known[key] = numbers(roll.event_id)
    return found


def numbers_lately(roll: Roll, *, known: int, within: float) -> tuple[int, Balance]:
    """Return the numbers of a roll, and of which revision, at most `within` seconds old.

    While people come in many a second each look would have to count anew: all who watch share
    what was counted last. Whoever has seen revision `known` is told nothing older.
    """
    if roll.confirmed_at is not None:
        return roll.revision, numbers_at(roll)
    lately: dict[tuple[int, str], tuple[float, int, Balance]] = remembered("roll numbers lately")
    key, now = (roll.event_id, roll.code_secret), time.monotonic()
    counted = lately.get(key)
    if counted is None or counted[1] < known or now - counted[0] >= within:
        if len(lately) > MOST_REMEMBERED:
            lately.clear()
        counted = lately[key] = (now, roll.revision, numbers(roll.event_id))
    return counted[1], counted[2]


def numbers_as_known(event_ids: Sequence[int]) -> dict[int, Balance]:
    """Return the numbers of many rolls, counting again only those that have changed.

    For lists, in a transaction that reads: a roll's revision grows with every change of its
    entries, so numbers that were counted at a revision hold for as long as it stands.
    """
    known = _known()
    found, changed = {}, {}
    rows = _REVISIONS.rows({"event_ids": list(event_ids)})
    for event_id, secret, revision in rows:
        key = (event_id, secret, revision)
        remembered_numbers = known.get(key)
        if remembered_numbers is None:
            changed[event_id] = key
        else:
            found[event_id] = remembered_numbers
    counted = numbers_of(list(changed)) if changed else {}
    for event_id, key in changed.items():
        found[event_id] = known[key] = counted.get(event_id) or balance({})
    return found


def _known() -> dict[tuple[int, str, int], Balance]:
    known: dict[tuple[int, str, int], Balance] = remembered("roll numbers")
    if len(known) > MOST_REMEMBERED:
        known.clear()  # other threads keep what they have found, and count again
    return known


_NUMBERS = Ready(
    select(
        AttendanceEntry.event_id,
        AttendanceEntry.status,
        func.count(),
        func.count().filter(AttendanceEntry.has_come),
    )
    .where(one_of(AttendanceEntry.event_id, "event_ids"))
    .group_by(AttendanceEntry.event_id, AttendanceEntry.status)
)
# The secret tells a roll from one that another had the number of before it.
_REVISIONS = Ready(
    select(Roll.event_id, Roll.code_secret, Roll.revision).where(one_of(Roll.event_id, "event_ids"))
)
