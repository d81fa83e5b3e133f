"""What cases put on papers and beside them: what was asked before, what came of a gathering.

Stand on the notice of the next event with the same host, in the closing summary, and as the act
"settled on the spot" on the roll and the record.
"""

from collections import Counter
from collections.abc import Sequence

from flask import Flask, url_for

from portal import clock
from portal.attendance import hooks as rolls
from portal.attendance.hooks import Onward
from portal.attendance.models import Roll
from portal.cases import queries
from portal.cases.models import CaseState, Course
from portal.cases.policies import may_open_for
from portal.cases.queries.listed import ListedCase
from portal.events import hooks as events
from portal.events.hooks import Matter
from portal.events.models import Event
from portal.events.policies import may_host
from portal.people.readers import Somebody
from portal.records import hooks as records
from portal.records.hooks import Beside, Outcome
from portal.records.models import MeetingRecord

_SPOT = "当场办结"


def _asked_before(event: Event, reader: Somebody) -> Sequence[Matter]:
    """The notice that hosts print says what was asked last time, and how each stands."""
    before = queries.asked_before(event, reader) if may_host(reader, event) else None
    if before is None:
        return []
    now = clock.now()
    lines = tuple(
        f"{number}. {case.headline}（{queries.standing(case, now)}）"
        for number, case in enumerate(before.cases, 1)
    )
    return [Matter("上次提出的事", before.sentence(now), lines)]


def _outcomes(event: Event, reader: Somebody) -> Sequence[Outcome]:
    """What was taken down at the event, what was settled there, and who sees to the rest."""
    found = [one for one in queries.of_event(event.id, reader) if one.state is not CaseState.VOID]
    if not found:
        return []
    now = clock.now()
    counted = Counter(_course(case) for case in found)
    numbers = "，".join(f"{word} {number} 件" for word, number in counted.items())
    lines = [
        f"{place}. {case.headline}（{case.lead}，{queries.standing(case, now)}）"
        for place, case in enumerate(found, 1)
    ]
    return [Outcome("问题办理", (f"登记问题建议 {len(found)} 件：{numbers}。", *lines))]


def _course(case: ListedCase) -> str:
    return _SPOT if case.course is Course.ON_SITE else "带回办理"


def _on_roll(reader: Somebody, event: Event, _roll: Roll) -> Sequence[Onward]:
    if not may_open_for(reader, event.host):
        return []
    return [Onward(_SPOT, url_for("cases.spot", event=event.id))]


def _on_record(reader: Somebody, record: MeetingRecord) -> Sequence[Beside]:
    if not may_open_for(reader, record.organisation):
        return []
    return [Beside(_SPOT, url_for("cases.spot", event=record.event_id), is_act=True)]


def init_app(_app: Flask) -> None:
    """Take part in notices, summaries, rolls and records."""
    if _on_record in records.acts:
        return
    events.notice_matters.append(_asked_before)
    records.outcomes.append(_outcomes)
    records.acts.append(_on_record)
    rolls.onwards.append(_on_roll)
