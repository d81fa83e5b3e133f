"""From facts to entries: reckoned anew from the beginning, written where something differs.

Nothing is ever added to an entry. Reckoning again without a new fact or rule changes nothing.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select

from portal import clock
from portal.database import db
from portal.hours.engine import Conversions, Credit, credits_of
from portal.hours.kinds import Cause
from portal.hours.models import LONGEST_WORDS, HourChange, HourEntry
from portal.hours.queries import facts
from portal.people.models import Person

AT_ONCE = 200


def recount(person_ids: Collection[int], year: int, *, cause: Cause) -> int:
    """Reckon these persons' hours of a year; return how many entries are not what they were.

    A few statements for up to AT_ONCE persons; whoever is reckoned elsewhere at the same time
    waits (their rows are locked).
    """
    ids = sorted(person_ids)
    if not ids:
        return 0
    db.session.execute(
        select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    )
    rules = facts.conversions()
    known = facts.facts_of(ids, year)
    stored: dict[int, list[HourEntry]] = {person_id: [] for person_id in ids}
    for entry in db.session.scalars(
        select(HourEntry).where(HourEntry.person_id.in_(ids), HourEntry.year == year)
    ):
        stored[entry.person_id].append(entry)
    written = _Written(cause)
    for person_id in ids:
        wanted = [credit for credit in credits_of(known[person_id], rules) if credit.year == year]
        paths = _paths(known[person_id])
        _compare(person_id, wanted, stored[person_id], paths, written)
    written.flush()
    return written.number


def preview(person_id: int, year: int, rules: Conversions) -> Sequence[Credit]:
    """Return what one person's hours of a year are by the facts of now; nothing is written."""
    known = facts.facts_of([person_id], year)
    return [credit for credit in credits_of(known[person_id], rules) if credit.year == year]


def _paths(known: Sequence[Any]) -> dict[tuple[int, int], str]:
    """Return where the person belonged, by event and training."""
    return {
        (fact.event.event_id, 0) if hasattr(fact, "event") else (0, fact.training_id): fact.path
        for fact in known
    }


class _Written:
    """What a recount writes, gathered so that a few statements do it."""

    def __init__(self, cause: Cause) -> None:
        self._cause = cause
        self._now = clock.now()
        self._new: list[dict[str, Any]] = []
        self._gone: list[int] = []
        self._told: list[dict[str, Any]] = []
        self.number = 0

    def add(self, person_id: int, credit: Credit, path: str) -> None:
        self.number += 1
        self._new.append({"person_id": person_id, "unit_path": path, **_columns(credit)})

    def remove(self, entry: HourEntry) -> None:
        self.number += 1
        self._gone.append(entry.id)

    def tell(self, person_id: int, before: HourEntry | None, after: Credit | None) -> None:
        """Write into the log what became of hours that had been confirmed."""
        if not _is_news(before, after, self._cause):
            return
        one: Any = after or before
        self._told.append(
            {
                "person_id": person_id,
                "year": one.year,
                "at": self._now,
                "cause": self._cause,
                "title": one.title,
                "event_id": one.event_id,
                "training_id": one.training_id,
                "from_halves": before.halves if before else None,
                "to_halves": after.halves if after else None,
                "from_words": before.words if before else "",
                "to_words": after.words[:LONGEST_WORDS] if after else "",
            }
        )

    def flush(self) -> None:
        """Write it all; what goes, goes first."""
        if self._gone:
            db.session.execute(
                delete(HourEntry)
                .where(HourEntry.id.in_(self._gone))
                .execution_options(synchronize_session=False)
            )
        for table, rows in ((HourEntry, self._new), (HourChange, self._told)):
            if rows:
                db.session.execute(insert(table), rows)
        db.session.flush()


def _is_news(before: HourEntry | None, after: Credit | None, cause: Cause) -> bool:
    """Return whether somebody had been told otherwise: hours that only came true are no news."""
    if before is None:
        return after is not None and after.is_confirmed and cause in {Cause.CORRECTED, Cause.RULE}
    if not before.is_confirmed:
        return False
    if after is None or not after.is_confirmed:
        return True
    return before.halves != after.halves


def _columns(credit: Credit) -> dict[str, Any]:
    return {
        "year": credit.year,
        "day": credit.day,
        "title": credit.title,
        "source": credit.source,
        "halves": credit.halves,
        "is_confirmed": credit.is_confirmed,
        "rule_id": credit.rule_id,
        "words": credit.words[:LONGEST_WORDS],
        "event_id": credit.event_id,
        "make_up_id": credit.make_up_id,
        "training_id": credit.training_id,
    }


def _compare(
    person_id: int,
    wanted: Sequence[Credit],
    stored: Sequence[HourEntry],
    paths: dict[tuple[int, int], str],
    written: _Written,
) -> None:
    left = {entry.key: entry for entry in stored}
    for credit in wanted:
        entry = left.pop(credit.key, None)
        path = paths.get((credit.event_id or 0, credit.training_id or 0), "")
        if entry is not None and not _differs(entry, credit, path):
            continue
        written.tell(person_id, entry, credit)
        if entry is None:
            written.add(person_id, credit, path)
        else:
            entry.unit_path = path
            for name, value in _columns(credit).items():
                setattr(entry, name, value)
            written.number += 1
    for entry in left.values():
        written.tell(person_id, entry, None)
        written.remove(entry)


def _differs(entry: HourEntry, credit: Credit, path: str) -> bool:
    same = all(getattr(entry, name) == value for name, value in _columns(credit).items())
    return not same or entry.unit_path != path


def in_portions(person_ids: Collection[int]) -> Iterator[list[int]]:
    """Yield the persons in lists that one recount takes."""
    ids = sorted(person_ids)
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
