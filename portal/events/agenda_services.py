"""Keeping the agenda of an event: all rows at once, in their order."""

from collections.abc import Sequence

from portal.errors import ConflictError
from portal.events import agenda, agenda_rows
from portal.events.agenda import AgendaRow
from portal.events.models import Event
from portal.events.services import index, save
from portal.events.states import Move, after
from portal.people.models import Person


def keep(
    *, event: Event, rows: Sequence[AgendaRow], version: int, actor: Person, from_text: bool = False
) -> None:
    """Put these rows in place of those there are; raise ConflictError if somebody was faster.

    `from_text` says that the rows were made from the free lines, which are not kept twice.
    """
    after(event.state, Move.EDIT)
    agenda.check(rows)
    if version != event.version:
        raise ConflictError("您填写期间，别人也改了这次活动。请核对下面的议程，再保存一次。")
    agenda_rows.replace([event.id], rows)
    if from_text:
        event.agenda = ""
    save(event, actor, "event.agenda", count=len(rows))
    index(event)
