"""Who may: pure predicates over a person and a record.

Records are kept by those who run events for the organisation whose record book it is. They are
confirmed by two: a secretary for the host, and whoever keeps the records as the recorder. What is
confirmed is read by those who were there.
"""

from typing import NamedTuple

from portal.attendance.models import OUTSIDE, AttendanceStatus
from portal.attendance.policies import has_roll
from portal.events.models import Event, EventState
from portal.events.policies import may_host
from portal.people.models import Organisation
from portal.people.policies import (
    HOSTS,
    SECRETARIES,
    holds,
    is_administrator,
    is_host_somewhere,
)
from portal.people.readers import Somebody
from portal.records.models import MeetingRecord, RecordKind

# A heart-to-heart talk is between those who had it (谈心谈话).
KEPT_CLOSED = frozenset({RecordKind.HEART_TALK})


def may_keep_somewhere(person: Somebody) -> bool:
    """Those who run events for any organisation keep its records."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_keep_for(person: Somebody, organisation: Organisation) -> bool:
    """Only in one's own part of the tree."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)


def may_open(person: Somebody, event: Event) -> bool:
    """Whoever hosts the event opens its records, once it is published and unless it is off."""
    return has_roll(event) and may_host(person, event)


def can_be_summed_up(event: Event) -> bool:
    """Its roll is confirmed, and it is not filed."""
    return event.state is EventState.RECORDED and not event.session_count


def may_see(person: Somebody, record: MeetingRecord) -> bool:
    """A record with its drafts and its words is for those who keep it (DOMAIN 2.3)."""
    return may_keep_for(person, record.organisation)


class Stood(NamedTuple):
    """How somebody stands on the roll of a gathering."""

    status: AttendanceStatus
    has_come: bool
    unit_path: str


def may_read(person: Somebody, record: MeetingRecord, stood: Stood | None) -> bool:
    """Confirmed minutes are read by those who were to be there or came; drafts never.

    Who sat in or was a guest reads them having come. The record of a branch below the host is
    for that branch's people, as it counts them alone. What is said between two is kept closed.
    `queries.readable` asks the database the same.
    """
    if may_see(person, record):
        return True
    if is_administrator(person) or record.is_draft or record.kind in KEPT_CLOSED or stood is None:
        return False
    if stood.status in OUTSIDE and not stood.has_come:
        return False
    is_of_all = record.organisation_id == record.event.host_id
    return is_of_all or stood.unit_path.startswith(record.organisation.path)


def may_write(person: Somebody, record: MeetingRecord) -> bool:
    """Those who keep it, while it is a draft and the event is not filed."""
    return may_see(person, record) and can_be_written(record)


def may_confirm_as_host(person: Somebody, record: MeetingRecord) -> bool:
    """A secretary answers for what was decided; nobody confirms for host and recorder both."""
    return (
        can_be_written(record)
        and not is_administrator(person)
        and holds(person, SECRETARIES, record.organisation)
        and record.host_confirmed_by_id is None
        and record.recorder_confirmed_by_id != person.id
    )


def may_confirm_as_recorder(person: Somebody, record: MeetingRecord) -> bool:
    """Whoever keeps the record; nobody confirms for host and recorder both."""
    return (
        may_write(person, record)
        and record.recorder_confirmed_by_id is None
        and record.host_confirmed_by_id != person.id
    )


def may_add(person: Somebody, record: MeetingRecord) -> bool:
    """Those who keep it add to a confirmed record, until the event is filed."""
    return may_see(person, record) and not record.is_draft and not is_filed(record)


def may_report(person: Somebody, record: MeetingRecord) -> bool:
    """How far a resolution has come is told for as long as anybody asks."""
    return may_see(person, record)


def can_be_written(record: MeetingRecord) -> bool:
    """Return whether the record is a draft of an event that is not filed."""
    return record.is_draft and not is_filed(record)


def is_filed(record: MeetingRecord) -> bool:
    """Return whether the event is in the archive: nothing of it changes."""
    return record.event.state is EventState.ARCHIVED
