"""Closing a gathering: the summary begins with what is known, and is kept as it is written."""

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person
from portal.people.readers import Somebody
from portal.records import hooks, policies, queries, summary
from portal.records.models import EventSummary


def first_words(event: Event, reader: Somebody) -> str:
    """Return what a summary begins with: agenda, statements, votes, resolutions, cases."""
    outcomes = [one for ask in hooks.outcomes for one in ask(event, reader)]
    return summary.first_words(event, queries.held(event), outcomes)


def sum_up(*, event: Event, text: str, version: int | None, actor: Person) -> EventSummary:
    """Keep the summary of an event; one for each, whoever writes it.

    Only once the roll is confirmed, because the figures are the roll's, and until the event is
    filed. `version` is what the writer has seen, None where there was none: somebody else's
    words are never overwritten unseen (ConflictError).
    """
    if not policies.can_be_summed_up(event):
        raise ConflictError("名册确认以后、归档以前才能写小结。")
    if not text:
        raise InvalidInputError("请写几句小结。", field="text")
    db.session.execute(select(Event.id).where(Event.id == event.id).with_for_update())
    found = queries.find_summary(event.id)
    if found is None:
        found = EventSummary(event_id=event.id, version=0)
        db.session.add(found)
    elif found.version != version:
        raise ConflictError("您填写期间，别人也写了这份小结。两边的文字都在下面，改好后再存一次。")
    found.text, found.version = text, found.version + 1
    found.written_by, found.written_at = actor, clock.now()
    db.session.flush()
    audit.record("summary.written", found, actor=actor, event=event.id, version=found.version)
    return found
