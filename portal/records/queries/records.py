"""One record, and the questions prepared for a gathering."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.people.readers import Somebody
from portal.records import policies
from portal.records.models import MeetingRecord, PreparedQuestion

# What records are called in the search index.
SEARCH_KIND = "record"
_UNKNOWN = "没有找到这份记录，可能已被移走，或者不对您开放。"


def whole() -> Select[MeetingRecord]:
    """Select records with all that their own page shows of whose they are."""
    return select(MeetingRecord).options(
        joinedload(MeetingRecord.event).joinedload(Event.host),
        joinedload(MeetingRecord.organisation),
        joinedload(MeetingRecord.created_by),
        joinedload(MeetingRecord.updated_by),
        joinedload(MeetingRecord.host_confirmed_by),
        joinedload(MeetingRecord.recorder_confirmed_by),
    )


def record(record_id: int) -> MeetingRecord:
    """Return one record with event, organisation and who wrote it; raise NotFoundError."""
    found = db.session.scalar(whole().where(MeetingRecord.id == record_id))
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def record_seen_by(person: Somebody, record_id: int) -> MeetingRecord:
    """Return the record if the person may see it; raise NotFoundError else, as if there were none.

    The way in for every page about one record.
    """
    found = record(record_id)
    if not policies.may_see(person, found):
        raise NotFoundError(_UNKNOWN)
    return found


def prepared(event_id: int) -> Sequence[PreparedQuestion]:
    """Return the questions that are taken along to the gathering, in their order."""
    return db.session.scalars(
        select(PreparedQuestion)
        .where(PreparedQuestion.event_id == event_id)
        .order_by(PreparedQuestion.position)
    ).all()
