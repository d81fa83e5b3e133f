"""What a host looks at before confirming, pure: notes about what does not fit together.

Everything here is a note ("请核对"): nobody is accused, and nothing is changed by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from portal.attendance.models import (
    AWAY,
    REFUSED,
    AttendanceStatus,
    Method,
    Outcome,
)

# Seen at two doors, or several people on one phone, within so short a time.
CLOSE_TOGETHER = timedelta(minutes=10)
# A door's clock is never quite right: what differs by less is no news.
CLOCK_SLACK = timedelta(minutes=2)


class Line(NamedTuple):
    """One person on the roll."""

    entry_id: int
    person_id: int
    name: str
    unit_name: str
    phone_tail: str
    status: AttendanceStatus
    is_listed: bool
    is_walk_in: bool
    has_come: bool
    arrived_at: datetime | None
    away_at: datetime | None
    method: Method | None
    left_at: datetime | None = None


class Scan(NamedTuple):
    """One check-in as a door sent it; no name where it led to nobody."""

    id: int
    person_id: int | None
    name: str | None
    given: str
    method: Method
    reported_at: datetime
    counted_at: datetime
    is_clamped: bool
    received_at: datetime
    outcome: Outcome
    device: str
    left_at: datetime | None = None

    @property
    def is_leaving(self) -> bool:
        """Whether somebody was seen leaving: that comes after the end, as it should."""
        return self.left_at is not None and self.left_at == self.counted_at

    @property
    def where(self) -> str:
        """The door, in words."""
        return self.device or "工作人员页面"


class Said(NamedTuple):
    """A mark that says of somebody: not here, looked at by the host, merged, on this phone."""

    id: int
    entry_id: int
    batch: str | None
    method: Method
    to_status: AttendanceStatus
    to_has_come: bool
    at: datetime
    device: str
    browser: str
    by_name: str | None
    from_left_at: datetime | None = None
    to_left_at: datetime | None = None

    @property
    def who(self) -> str:
        """Who said it, in words."""
        return self.by_name or self.device or "系统"


class Contradiction(NamedTuple):
    """Somebody whom one said not to be here and a door has seen, whichever came first."""

    line: Line
    seen: Sequence[Scan]
    said: Said | None

    @property
    def away_status(self) -> AttendanceStatus:
        """How the person counts if whoever said "not here" is right."""
        if not self.line.is_listed:
            return self.line.status
        if self.said is not None and self.said.to_status in AWAY:
            return self.said.to_status
        return AttendanceStatus.EXPECTED


class Proposal(NamedTuple):
    """A walk-in who may be somebody of the roster."""

    walk_in: Line
    of_roster: Line

    @property
    def why(self) -> str:
        """What the two have in common."""
        same_tail = self.walk_in.phone_tail and self.walk_in.phone_tail == self.of_roster.phone_tail
        if self.walk_in.name != self.of_roster.name:
            return "同姓，手机尾号相同"
        return "姓名和手机尾号相同" if same_tail else "姓名相同"


class Merge(NamedTuple):
    """A walk-in that was merged with somebody of the roster, and the mark to take it back by."""

    mark_id: int
    walk_in: Line
    of_roster: Line
    said: Said


class SharedPhone(NamedTuple):
    """Several people who signed in on one phone shortly after one another."""

    people: Sequence[Line]
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Findings:
    """All there is to look at."""

    contradictions: Sequence[Contradiction]
    late: Sequence[Scan]
    refused: Sequence[Scan]
    proposals: Sequence[Proposal]
    merges: Sequence[Merge]
    unseen: Sequence[Line]
    at_two_doors: Sequence[tuple[Scan, Scan]]
    shared_phones: Sequence[SharedPhone]
    outside: Sequence[Scan]
    # Who left before the end, where people sign out.
    left_early: Sequence[Line] = ()

    @property
    def to_decide(self) -> int:
        """On how many the host is asked to decide."""
        return len(self.contradictions) + len(self.proposals) + len(self.left_early)

    @property
    def has_notes(self) -> bool:
        """Whether anything is unclear beside that."""
        return bool(self.unseen or self.at_two_doors or self.shared_phones or self.outside)


def findings(
    lines: Sequence[Line],
    scans: Sequence[Scan],
    marks: Sequence[Said],
    *,
    ends_at: datetime,
    closes_at: datetime,
    early_before: datetime | None = None,
) -> Findings:
    """Return what does not fit together; all three in the order in which they were written.

    Who left before `early_before` may have left early; None where people do not sign out.
    """
    counted = [scan for scan in scans if scan.outcome not in REFUSED]
    of_entry = _by_entry(marks)
    return Findings(
        contradictions=_contradictions(lines, counted, of_entry),
        late=[scan for scan in counted if scan.received_at > ends_at and not scan.is_leaving],
        refused=[scan for scan in scans if scan.outcome in REFUSED],
        proposals=_proposals(lines),
        merges=_merges(lines, marks),
        unseen=[line for line in lines if line.status is AttendanceStatus.EXPECTED],
        at_two_doors=_at_two_doors(counted),
        shared_phones=_shared_phones(lines, marks),
        outside=[scan for scan in counted if _is_outside(scan, closes_at)],
        left_early=_left_early(lines, of_entry, early_before),
    )


def _by_entry(marks: Iterable[Said]) -> Mapping[int, Sequence[Said]]:
    found: dict[int, list[Said]] = defaultdict(list)
    for mark in marks:
        found[mark.entry_id].append(mark)
    return found


def _contradictions(
    lines: Iterable[Line], counted: Iterable[Scan], of_entry: Mapping[int, Sequence[Said]]
) -> list[Contradiction]:
    seen: dict[int, list[Scan]] = defaultdict(list)
    for scan in counted:
        if scan.person_id is not None:
            seen[scan.person_id].append(scan)
    found = []
    for line in lines:
        if line.away_at is None or line.method is Method.MERGED or line.person_id not in seen:
            continue
        marks = of_entry.get(line.entry_id, ())
        looked_at = _looked_at(marks)
        open_scans = [
            scan
            for scan in sorted(seen[line.person_id], key=lambda scan: scan.counted_at)
            if looked_at is None or looked_at < max(scan.received_at, line.away_at)
        ]
        if open_scans:
            away = [mark for mark in marks if not mark.to_has_come and mark.at == line.away_at]
            found.append(Contradiction(line, open_scans, away[-1] if away else None))
    return found


def _looked_at(marks: Sequence[Said]) -> datetime | None:
    """Return when the host last decided, unless that was taken back."""
    last = None
    for mark in marks:
        if mark.method is Method.CHECKED:
            last = mark.at
        elif mark.method is Method.UNDO:
            last = None
    return last


def _proposals(lines: Iterable[Line]) -> list[Proposal]:
    """Pair walk-ins with those of the roster who have the same name, or surname and digits.

    Of two who are both here the same name alone is not enough: namesakes are common.
    """
    walk_ins: list[Line] = []
    roster: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.is_walk_in and line.has_come:
            walk_ins.append(line)
        elif not line.is_walk_in:
            roster[line.name, ""].append(line)
            if line.phone_tail:
                roster[line.name[:1], line.phone_tail].append(line)
    found = []
    for walk_in in walk_ins:
        same = {line.person_id: line for line in roster.get((walk_in.name, ""), ())}
        same = {number: line for number, line in same.items() if not line.has_come}
        if walk_in.phone_tail:
            by_tail = roster.get((walk_in.name[:1], walk_in.phone_tail), ())
            same |= {line.person_id: line for line in by_tail}
        found += [Proposal(walk_in, line) for line in same.values()]
    return found


def _merges(lines: Iterable[Line], marks: Iterable[Said]) -> list[Merge]:
    """Return the merges that can still be taken back: nobody has marked either of them since."""
    merged = {line.entry_id: line for line in lines if line.method is Method.MERGED}
    by_batch: dict[str, dict[bool, Said]] = defaultdict(dict)
    for mark in marks:
        if mark.method is Method.MERGED and mark.batch and mark.entry_id in merged:
            by_batch[mark.batch][mark.to_has_come] = mark
    return [
        Merge(pair[True].id, merged[pair[False].entry_id], merged[pair[True].entry_id], pair[True])
        for pair in by_batch.values()
        if len(pair) == 2
    ]


def _at_two_doors(counted: Iterable[Scan]) -> list[tuple[Scan, Scan]]:
    found = []
    of_person: dict[int, list[Scan]] = defaultdict(list)
    for scan in counted:
        if scan.person_id is not None and scan.device:
            of_person[scan.person_id].append(scan)
    for seen in of_person.values():
        in_order = sorted(seen, key=lambda scan: (scan.counted_at, scan.id))
        for one, other in pairwise(in_order):
            close = other.counted_at - one.counted_at <= CLOSE_TOGETHER
            if one.device != other.device and close:
                found.append((one, other))
                break
    return found


def _shared_phones(lines: Iterable[Line], marks: Iterable[Said]) -> list[SharedPhone]:
    by_entry = {line.entry_id: line for line in lines}
    of_browser: dict[str, list[Said]] = defaultdict(list)
    for mark in marks:
        if mark.browser and mark.entry_id in by_entry:
            of_browser[mark.browser].append(mark)
    found = []
    for signed_in in of_browser.values():
        group = signed_in[:1]
        for one, other in pairwise(signed_in):
            if other.at - one.at > CLOSE_TOGETHER:
                found.append(group)
                group = []
            group.append(other)
        found.append(group)
    shared = []
    for group in found:
        people = {mark.entry_id: by_entry[mark.entry_id] for mark in group}
        if len(people) > 1:
            shared.append(SharedPhone(list(people.values()), group[0].at, group[-1].at))
    return shared


def _left_early(
    lines: Iterable[Line], of_entry: Mapping[int, Sequence[Said]], before: datetime | None
) -> list[Line]:
    """Return those due who left before then and of whom nobody has judged just that leaving."""
    if before is None:
        return []
    return [
        line
        for line in lines
        if line.is_listed
        and line.status in {AttendanceStatus.PRESENT, AttendanceStatus.LATE}
        and line.left_at is not None
        and line.left_at < before
        and _judged(of_entry.get(line.entry_id, ())) != line.left_at
    ]


def _judged(marks: Sequence[Said]) -> datetime | None:
    """Return the leaving that the host has judged last, unless that was taken back."""
    last = None
    for mark in marks:
        if mark.method is Method.LEAVING and mark.from_left_at == mark.to_left_at:
            last = mark.to_left_at
        elif mark.method is Method.UNDO:
            last = None
    return last


def _is_outside(scan: Scan, closes_at: datetime) -> bool:
    """Return whether a door says that it was when nobody signs in."""
    moved = abs(scan.reported_at - scan.counted_at)
    return moved > CLOCK_SLACK or scan.counted_at > closes_at
