"""The notice of one event: what it is written from, asked of the database."""

from collections.abc import Sequence

from portal.events import agenda, agenda_rows
from portal.events.hooks import Matter
from portal.events.models import Event
from portal.events.notice import Notice, notice


def notice_of(event: Event, more: Sequence[Matter] = ()) -> Notice:
    """Return the notice of an event with its agenda; `more` is what other rooms add."""
    rows = agenda.timed(agenda_rows.rows(event.id), event.starts_at)
    return notice(event, rows, agenda.items(event.agenda), more)
