"""What cases put beside statements: the button that makes a case of one, or the case it became."""

from collections.abc import Mapping, Sequence

from flask import Flask, url_for

from portal import clock
from portal.cases import queries
from portal.cases.models import CasePhase
from portal.cases.policies import may_open_for
from portal.people.readers import Somebody
from portal.records import hooks
from portal.records.hooks import Beside
from portal.records.models import MeetingRecord
from portal.records.queries.statements import StatementRow

_TONES = {CasePhase.CLOSED: "green", CasePhase.VOID: "grey"}


def _beside(
    reader: Somebody, record: MeetingRecord, rows: Sequence[StatementRow]
) -> Mapping[int, Sequence[Beside]]:
    """Each statement becomes one case; an answer is the end of it and becomes none."""
    made = queries.cases_made_of([row.id for row in rows], reader)
    may_open = may_open_for(reader, record.organisation)
    now = clock.now()
    found: dict[int, Sequence[Beside]] = {}
    for row in rows:
        if row.id in made:
            case, is_seen = made[row.id]
            if is_seen:
                phase = case.phase(now)
                address = url_for("cases.show", case_id=case.id)
                words = f"{case.number} {phase.label}"
                found[row.id] = [Beside(words, address, tone=_TONES.get(phase, "amber"))]
        elif may_open and row.kind.can_be_followed:
            address = url_for("cases.new", statement=row.id)
            found[row.id] = [Beside("转为事项", address, is_act=True)]
    return found


def init_app(_app: Flask) -> None:
    """Stand beside the statements of records."""
    if _beside not in hooks.beside_statements:
        hooks.beside_statements.append(_beside)
