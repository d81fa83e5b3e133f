"""What was asked the last time: the cases of the latest earlier event with the same host."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from portal.cases.models import Case, CasePhase, CaseState
from portal.cases.queries.listed import ListedCase
from portal.cases.queries.lists import of_event
from portal.database import alias_of, db
from portal.events.models import Event
from portal.people.readers import Somebody

_EARLIER = alias_of(Event, name="earlier_event")


@dataclass(frozen=True)
class AskedBefore:
    """An earlier event, what was asked there, and how it stands."""

    event: Event
    cases: Sequence[ListedCase]

    def sentence(self, moment: datetime) -> str:
        """Return 上次提出的 5 件事：3 件已确认，1 件延期，1 件未动."""
        counted: dict[str, int] = {}
        for case in self.cases:
            word = standing(case, moment)
            counted[word] = counted.get(word, 0) + 1
        said = "，".join(f"{number} 件{word}" for word, number in counted.items())
        return f"上次提出的 {len(self.cases)} 件事：{said}。"


def standing(case: ListedCase, moment: datetime) -> str:
    """Return how a case stands in a word or two, as one tells people at the next meeting."""
    if case.state is CaseState.CLOSED:
        return "已办结并确认"
    if case.asked_days is not None:
        return "申请延期"
    return {
        CasePhase.REGISTERED: "还没有受理",
        CasePhase.RETURNED: "退单待交办",
        CasePhase.WORKING: "正在办理",
        CasePhase.TAKEN_BACK: "带回研究中",
        CasePhase.REWORK: "正在重办",
        CasePhase.SETTLED: "已办结，待确认",
        CasePhase.EXPLAINED: "已说明，待确认",
        CasePhase.UNANSWERED: "已办结，未回访",
        CasePhase.VOID: "已作废",
    }[case.phase(moment)]


def may_have_been_asked() -> ColumnElement[bool]:
    """Return the condition that an earlier event of the same host has brought cases."""
    return exists(
        select(Case.id)
        .join(_EARLIER, _EARLIER.id == Case.event_id)
        .where(_EARLIER.host_id == Event.host_id, _EARLIER.starts_at < Event.starts_at)
        .correlate(Event)
    )


def asked_before(event: Event, reader: Somebody) -> AskedBefore | None:
    """Return what was asked at the latest earlier event of the same host that brought cases."""
    earlier = db.session.scalars(
        select(Event)
        .where(
            Event.host_id == event.host_id,
            Event.starts_at < event.starts_at,
            Event.id.in_(select(Case.event_id).where(Case.event_id.is_not(None))),
        )
        .order_by(Event.starts_at.desc())
        .limit(1)
    ).first()
    if earlier is None:
        return None
    cases = of_event(earlier.id, reader)
    return AskedBefore(earlier, cases) if cases else None
