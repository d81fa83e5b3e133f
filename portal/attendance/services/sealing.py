"""Sealing a roll when it is confirmed, and looking whether the seal is whole."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from portal.attendance.models import AttendanceEntry, Roll
from portal.attendance.sealing import Sealed, is_under, key_of, seal_of, seal_of_roll
from portal.database import db

_key = b""
_TABLE: Any = AttendanceEntry.__table__
_COLUMNS = [getattr(AttendanceEntry, name) for name in Sealed._fields]
_ROWS = (
    select(AttendanceEntry.id, AttendanceEntry.seal, *_COLUMNS)
    .where(AttendanceEntry.event_id == bindparam("event_id"))
    .order_by(AttendanceEntry.id)
)
_WRITE = (
    update(_TABLE).where(_TABLE.c.id == bindparam("entry_id")).values(seal=bindparam("new_seal"))
)


@dataclass(frozen=True)
class Broken:
    """What differs from the confirmed roll without having been corrected."""

    # Whose rows were changed or added.
    names: Sequence[str]
    # Rows are missing, though none of those that are left was changed.
    is_shortened: bool
    # The portal has another key since: whether anything was changed cannot be told.
    is_unknown: bool = False


def use_secret(secret: str) -> None:
    """Derive the key of all seals; done once a process, by create_app."""
    global _key  # noqa: PLW0603
    _key = key_of(secret)


def seal(roll: Roll) -> None:
    """Seal every row of a roll that is being confirmed, and the roll itself."""
    db.session.flush()
    seals = []
    changed = []
    for entry_id, old, *columns in db.session.execute(_ROWS, {"event_id": roll.event_id}):
        row = Sealed(*columns)
        new = seal_of(_key, roll.event_id, row)
        seals.append((row.person_id, new))
        if new != old:
            changed.append({"entry_id": entry_id, "new_seal": new})
    if changed:
        db.session.connection().execute(_WRITE, changed)
    roll.seal = seal_of_roll(_key, roll.event_id, seals)
    db.session.flush()


def seal_correction(roll: Roll, entry: AttendanceEntry) -> None:
    """Seal the one row that was corrected anew; what is broken besides stays broken."""
    db.session.flush()
    before, after = [], []
    for _entry_id, old, *columns in db.session.execute(_ROWS, {"event_id": roll.event_id}):
        row = Sealed(*columns)
        before.append((row.person_id, old or ""))
        if row.person_id == entry.person_id:
            entry.seal = seal_of(_key, roll.event_id, row)
            after.append((row.person_id, entry.seal))
        else:
            after.append(before[-1])
    if roll.seal and hmac.compare_digest(roll.seal, seal_of_roll(_key, roll.event_id, before)):
        roll.seal = seal_of_roll(_key, roll.event_id, after)
    db.session.flush()


def broken(roll: Roll) -> Broken | None:
    """Return what was changed behind the portal's back; None while all is as confirmed.

    A roll that was confirmed before there were seals has none in any row, and nothing can be
    said of it but what the audit chain says.
    """
    if roll.confirmed_at is None:
        return None
    if roll.seal is not None and not is_under(_key, roll.seal):
        return Broken([], is_shortened=False, is_unknown=True)
    names, seals = [], []
    for _entry_id, old, *columns in db.session.execute(_ROWS, {"event_id": roll.event_id}):
        row = Sealed(*columns)
        seals.append((row.person_id, old or ""))
        if not hmac.compare_digest(old or "", seal_of(_key, roll.event_id, row)):
            names.append(row.name)
    if roll.seal is None and not any(old for _person, old in seals):
        return None
    whole = hmac.compare_digest(roll.seal or "", seal_of_roll(_key, roll.event_id, seals))
    if whole and not names:
        return None
    return Broken(names, is_shortened=not names)
