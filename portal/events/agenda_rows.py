"""The rows of agendas in the database: read in order, put in place of others, copied."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, delete, insert, select

from portal.database import db
from portal.events.agenda import AgendaRow
from portal.events.agenda_models import AgendaItem
from portal.statements import Ready

_ROWS = Ready(
    select(AgendaItem.title, AgendaItem.speaker, AgendaItem.minutes)
    .where(AgendaItem.event_id == bindparam("event_id"))
    .order_by(AgendaItem.position)
)


def rows(event_id: int) -> list[AgendaRow]:
    """Return the rows of an event's agenda in their order."""
    return [AgendaRow(*row) for row in _ROWS.rows({"event_id": event_id})]


def replace(event_ids: Collection[int], by: Sequence[AgendaRow]) -> None:
    """Put these rows in place of what the events have."""
    db.session.execute(delete(AgendaItem).where(AgendaItem.event_id.in_(event_ids)))
    values = [
        {"event_id": event_id, "position": place, **row._asdict()}
        for event_id in event_ids
        for place, row in enumerate(by)
    ]
    if values:
        db.session.execute(insert(AgendaItem), values)


def copy(source_id: int, to: Collection[int]) -> None:
    """Give other events the same agenda."""
    found = rows(source_id)
    if found and to:
        replace(to, found)
