"""Beginning a record with everything known filled in, and saving it as it is typed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from portal import clock
from portal.attendance import policies as rolls
from portal.attendance import services as attendance
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.events import agenda, agenda_rows
from portal.events.models import Event, EventState
from portal.people.models import Organisation, Person
from portal.records import kinds, policies
from portal.records.errors import RecordChangedError, RecordClosedError
from portal.records.models import MeetingRecord, RecordKind, RecordState, RecordTemplate
from portal.records.queries.records import SEARCH_KIND
from portal.search import services as search
from portal.web import merging

# What is typed into a draft, in the order of its form.
FIELDS = (
    "kind",
    "title",
    "starts_at",
    "ends_at",
    "place",
    "chair",
    "recorder",
    "agenda",
    "reported",
    "discussion",
    "conclusion",
    "late_reason",
)
# Saving as one types is one act of the audit for as long as nobody else comes between.
ONE_SITTING = timedelta(minutes=10)
CLOSED = "这份记录已经确认或归档，不能再改；需要更正的，请写补充说明。"


def begin(
    *,
    event: Event,
    kind: RecordKind,
    organisation: Organisation,
    late_reason: str,
    actor: Person,
    template: RecordTemplate | None = None,
) -> MeetingRecord:
    """Begin a record of an event: what the event and its roll know is not typed again.

    The rest begins with the template, or with the built-in outline of its kind.

    Only for the host or an organisation below it. A record begun more than 48 hours after the
    end is a 补录 and says why (InvalidInputError). ConflictError for an event without a roll.
    """
    now = clock.now()
    if not rolls.has_roll(event) or event.state is EventState.ARCHIVED:
        raise ConflictError("这次活动没有发布、已经取消或者已经归档，不能写记录。")
    if not organisation.is_within(event.host):
        raise ForbiddenError("记录只能归入主办组织或它下面的组织。")
    is_late = kinds.is_begun_late(event.ends_at, now)
    if is_late and not late_reason:
        raise InvalidInputError(
            "活动结束已超过 48 小时，这份记录会标明“补录”，请写明原因。", field="late_reason"
        )
    attendance.open_roll(event=event, actor=actor)
    given = template or kinds.outline(kind)
    record = MeetingRecord(
        event=event,
        kind=kind,
        organisation=organisation,
        state=RecordState.DRAFT,
        title=_title(event, kind),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=event.place,
        chair="",
        recorder=actor.name,
        agenda=_agenda(event) or (template.agenda if template else ""),
        reported=_reported(event, given.reported).strip(),
        discussion=given.discussion.strip(),
        conclusion=given.conclusion.strip(),
        is_late=is_late,
        late_reason=late_reason if is_late else "",
        began_with=template.lines if template else "",
        statements=0,
        created_by=actor,
        created_at=now,
        updated_by=actor,
        updated_at=now,
    )
    db.session.add(record)
    db.session.flush()
    index(record)
    audit.record("record.begun", record, actor=actor, event=event.id, kind=kind.value, late=is_late)
    return record


def _title(event: Event, kind: RecordKind) -> str:
    """One gathering, several records: the kind tells them apart where the title does not."""
    if kind is kinds.usual(event.kind) or kind.label in event.title:
        return event.title
    return f"{event.title}（{kind.label}）"[:120]


def _agenda(event: Event) -> str:
    rows = agenda_rows.rows(event.id)
    items = [f"{row.title}（{row.speaker}）" if row.speaker else row.title for row in rows] or [
        item.text for item in agenda.items(event.agenda)
    ]
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))


def _reported(event: Event, given: str) -> str:
    return given.replace("主讲人：\n", f"主讲人：{event.lecturer}\n") if event.lecturer else given


def words(record: MeetingRecord) -> dict[str, str]:
    """Return what stands in each field, as text that can be compared."""
    return {name: _word(getattr(record, name)) for name in FIELDS}


def seen(record: MeetingRecord) -> str:
    """Return what a form carries that was filled from the record now: see `save`."""
    return merging.seen(words(record))


def index(record: MeetingRecord) -> None:
    """Let the record be found by what stands in it."""
    search.index(
        SEARCH_KIND,
        record.id,
        titles=[record.title, record.place],
        names=[record.chair, record.recorder],
        body=[record.agenda, record.reported, record.discussion, record.conclusion],
        at=record.starts_at,
    )


def _word(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value).strip()


def save(
    *, record: MeetingRecord, typed: Mapping[str, Any], seen: str, actor: Person
) -> frozenset[str]:
    """Write what was typed into a draft; return the names of the fields that changed.

    `seen` are digests of the fields as the form saw them. Two people who write into different
    fields do not hinder each other; where both wrote into one, nothing is saved and
    RecordChangedError names it. What changes undoes the confirmations: they were for another
    text. Raises RecordClosedError once it is confirmed.
    """
    hold(record)
    now = words(record)
    mine = merging.changed_since(seen, {name: _word(value) for name, value in typed.items()})
    theirs = merging.changed_since(seen, now)
    changed = frozenset(name for name in mine if _word(typed[name]) != now[name])
    clash = changed & theirs
    if clash:
        raise RecordChangedError(clash)
    if not changed:
        return changed
    _check({name: typed[name] if name in mine else getattr(record, name) for name in FIELDS})
    moment = clock.now()
    is_new_sitting = record.updated_by_id != actor.id or moment > record.updated_at + ONE_SITTING
    for name in changed:
        setattr(record, name, typed[name])
    record.updated_by_id, record.updated_at = actor.id, moment
    unconfirm(record)
    db.session.flush()
    index(record)
    if is_new_sitting:
        audit.record("record.written", record, actor=actor, fields=" ".join(sorted(changed)))
    return changed


def _check(values: Mapping[str, Any]) -> None:
    if not values["title"]:
        raise InvalidInputError("会议名称不能空着：记录簿按名称查找。", field="title")
    if values["ends_at"] <= values["starts_at"]:
        raise InvalidInputError("结束时间要晚于开始时间。", field="ends_at")


def hold(record: MeetingRecord) -> None:
    """Hold the record's row: whoever writes on it comes one after the other.

    Raises RecordClosedError once it is confirmed or filed.
    """
    columns = [column.key for column in MeetingRecord.__mapper__.column_attrs]
    db.session.refresh(record, columns, with_for_update=True)
    if not policies.can_be_written(record):
        raise RecordClosedError(CLOSED)


def unconfirm(record: MeetingRecord) -> None:
    """Take back a confirmation of what has changed since; the text's version stays as it is."""
    if record.host_confirmed_by_id is None and record.recorder_confirmed_by_id is None:
        return
    nobody = {
        "host_confirmed_by_id": None,
        "host_confirmed_at": None,
        "recorder_confirmed_by_id": None,
        "recorder_confirmed_at": None,
    }
    db.session.flush()
    db.session.execute(
        update(MeetingRecord)
        .where(MeetingRecord.id == record.id)
        .values(nobody)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(record, list(nobody))
