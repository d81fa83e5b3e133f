"""Confirmed by two, host and recorder; added to from then on."""

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Person
from portal.records import hooks, kinds, policies, queries
from portal.records.errors import NotReadyError, RecordClosedError
from portal.records.models import Addendum, MeetingRecord, RecordState
from portal.records.services.writing import hold


def missing(record: MeetingRecord) -> dict[str, str]:
    """Return the fields that a record still lacks before it can be confirmed, each with why.

    What a kind asks for is `kinds.required`; the roll must be confirmed whatever the kind,
    because who came is read from it.
    """
    lacking = {}
    if not queries.attendance(record).is_confirmed:
        lacking["roll"] = "到会情况以确认的名册为准，请先确认名册"
    asked = kinds.required(record.kind)
    return lacking | {name: why for name, why in asked.items() if not _has(record, name)}


def _has(record: MeetingRecord, name: str) -> bool:
    match name:
        case "votes":
            return bool(queries.votes(record))
        case "discussion":
            written = kinds.has_words(record.discussion, record.kind, name, record.began_with)
            return written or record.statements > 0
        case "conclusion":
            written = kinds.has_words(record.conclusion, record.kind, name, record.began_with)
            return written or bool(queries.resolutions(record))
        case "reported":
            return kinds.has_words(record.reported, record.kind, name, record.began_with)
        case "agenda":
            return kinds.has_words(record.agenda, record.kind, name, record.began_with)
        case _:
            return bool(getattr(record, name))


def confirm_as_recorder(
    *, record: MeetingRecord, version: int | None, statements: int | None, actor: Person
) -> None:
    """Confirm as whoever recorded; see `_confirm`."""
    _check(record, version, statements)
    if not policies.may_confirm_as_recorder(actor, record):
        raise NotReadyError(_not_two(record, actor, "记录人"))
    record.recorder_confirmed_by, record.recorder_confirmed_at = actor, clock.now()
    _confirmed(record, actor, "recorder")


def confirm_as_host(
    *, record: MeetingRecord, version: int | None, statements: int | None, actor: Person
) -> None:
    """Confirm as the host of the meeting, a secretary; see `_confirm`."""
    _check(record, version, statements)
    if not policies.may_confirm_as_host(actor, record):
        raise NotReadyError(_not_two(record, actor, "主持人"))
    record.host_confirmed_by, record.host_confirmed_at = actor, clock.now()
    _confirmed(record, actor, "host")


def _not_two(record: MeetingRecord, actor: Person, role: str) -> str:
    others = {record.host_confirmed_by_id, record.recorder_confirmed_by_id}
    if actor.id in others:
        return "主持人和记录人要由两个人分别确认，您已经确认过一次，请另一位确认。"
    return f"这份记录不能由您以{role}身份确认：可能已经确认过，或者主持人要由书记确认。"


def _check(record: MeetingRecord, version: int | None, statements: int | None) -> None:
    """Only what was seen is confirmed, and only when nothing that the kind asks for is missing."""
    hold(record)
    if version != record.version or statements != record.statements:
        raise ConflictError("您看过以后，记录又有改动。请再看一遍，然后确认。")
    lacking = missing(record)
    if lacking:
        named = "；".join(f"{kinds.LABELS[name]}（{why}）" for name, why in lacking.items())
        raise NotReadyError(f"还缺：{named}。")


def _confirmed(record: MeetingRecord, actor: Person, role: str) -> None:
    if record.host_confirmed_by and record.recorder_confirmed_by:
        record.state, record.confirmed_at = RecordState.CONFIRMED, clock.now()
    db.session.flush()
    audit.record(
        "record.confirmed",
        record,
        actor=actor,
        role=role,
        version=record.version,
        statements=record.statements,
        is_final=record.state is RecordState.CONFIRMED,
    )
    if record.state is RecordState.CONFIRMED:
        for told in hooks.confirmed:
            told(record)


def add(*, record: MeetingRecord, text: str, actor: Person) -> Addendum:
    """Add to a confirmed record: dated, named; what was confirmed stays as it is."""
    if not text:
        raise InvalidInputError("请写明补充或更正了什么。", field="text")
    if not policies.may_add(actor, record):
        raise RecordClosedError("这份记录还是草稿，请直接修改；已经归档的，不能再补充。")
    made = Addendum(record_id=record.id, text=text, written_by=actor, written_at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit.record("record.added_to", made, actor=actor, record=record.id)
    return made
