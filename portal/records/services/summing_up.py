"""Closing a gathering: the summary begins with what is known, is saved as one types, and kept."""

from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.people.models import Person
from portal.people.readers import Somebody
from portal.records import hooks, policies, queries, summary
from portal.records.errors import RecordChangedError
from portal.records.models import EventSummary, SummaryDraft
from portal.records.queries import InWriting
from portal.records.services.writing import ONE_SITTING
from portal.web import merging


def first_words(event: Event, reader: Somebody) -> str:
    """Return what a summary begins with: agenda, statements, votes, resolutions, cases."""
    outcomes = [one for ask in hooks.outcomes for one in ask(event, reader)]
    return summary.first_words(event, queries.held(event), outcomes)


def seen_text(found: InWriting) -> str:
    """Return what a form carries that was filled from these words: see `sum_up`."""
    return merging.seen({"text": found.latest.text if found.latest else ""})


def save_draft(*, event: Event, text: str, seen: str, actor: Person) -> None:
    """Save what is being typed, beside the summary that is kept; raise as `sum_up` does."""
    found = _held(event, text, seen)
    if text == (found.latest.text if found.latest else ""):
        return
    draft, moment = found.draft, clock.now()
    is_new_sitting = draft is None or _is_new_sitting(draft, actor, moment)
    if draft is None:
        draft = SummaryDraft(event_id=event.id)
        db.session.add(draft)
    draft.text, draft.written_by, draft.written_at = text, actor, moment
    db.session.flush()
    if is_new_sitting:
        audit.record("summary.drafted", draft, actor=actor, event=event.id)


def _is_new_sitting(draft: SummaryDraft, actor: Person, moment: datetime) -> bool:
    return draft.written_by_id != actor.id or moment > draft.written_at + ONE_SITTING


def sum_up(*, event: Event, text: str, seen: str, actor: Person) -> EventSummary:
    """Keep the summary of an event; one for each, whoever writes it.

    Only once the roll is confirmed, because the figures are the roll's, and until the event is
    filed (ConflictError). `seen` is the digest of the words that the form began with: somebody
    else's are never overwritten unseen (RecordChangedError).
    """
    found = _held(event, text, seen)
    kept = found.kept
    if kept is None:
        kept = EventSummary(event_id=event.id, version=0)
        db.session.add(kept)
    kept.text, kept.version = text, kept.version + 1
    kept.written_by, kept.written_at = actor, clock.now()
    if found.draft is not None:
        db.session.delete(found.draft)
    db.session.flush()
    audit.record("summary.written", kept, actor=actor, event=event.id, version=kept.version)
    return kept


def drop_draft(*, event: Event, actor: Person) -> bool:
    """Throw away what was typed and not kept; return whether there was anything."""
    _hold(event)
    draft = queries.summary_in_writing(event.id).draft
    if draft is None:
        return False
    audit.record("summary.draft_dropped", draft, actor=actor, event=event.id)
    db.session.delete(draft)
    db.session.flush()
    return True


def _held(event: Event, text: str, seen: str) -> InWriting:
    """Return what stands there, its event held; raise where this must not be written."""
    if not policies.can_be_summed_up(event):
        raise ConflictError("名册确认以后、归档以前才能写小结。")
    if not text:
        raise InvalidInputError("请写几句小结。", field="text")
    _hold(event)
    found = queries.summary_in_writing(event.id)
    if found.latest and found.latest.text != text and seen != seen_text(found):
        raise RecordChangedError({"text"})
    return found


def _hold(event: Event) -> None:
    db.session.execute(select(Event.id).where(Event.id == event.id).with_for_update())
