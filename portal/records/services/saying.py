"""Taking down what is said, word for word; reading it back; putting something beside it."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Person
from portal.records import kinds, queries
from portal.records.models import MeetingRecord, Statement, StatementKind, Supplement
from portal.records.queries.attending import Speaker
from portal.records.queries.statements import SEARCH_KIND
from portal.records.services.writing import hold, unconfirm
from portal.search import services as search


@dataclass(frozen=True)
class Said:
    """What one statement says: who, if on the roll the person, what kind, the words.

    `speaker` is a name, or what finds one on the roll (pinyin, initials); `post` is for those
    who are not on it.
    """

    client_id: str
    speaker: str
    post: str
    kind: StatementKind
    text: str
    speaker_id: int | None = None


def take_down(*, record: MeetingRecord, said: Said, actor: Person) -> Statement:
    """Take a statement down after the others; it is never changed from then on.

    The same `client_id` again is the same statement: it is returned as it stands. Who is found
    on the roll is named by it; a name that is not on it is taken as given. InvalidInputError
    where the speaker is not clear or nothing was said, RecordClosedError after confirmation.
    """
    known = queries.find_by_client(record.id, said.client_id)
    if known is not None:
        return known
    hold(record)
    known = queries.find_by_client(record.id, said.client_id)
    if known is not None:  # it arrived while this one waited for its turn
        return known
    if not said.text:
        raise InvalidInputError("请记下说了什么。", field="text")
    speaker = _speaker(record, said)
    now = clock.now()
    place = record.statements + 1
    statement = Statement(
        record_id=record.id,
        event_id=record.event_id,
        organisation_id=record.organisation_id,
        position=place,
        client_id=said.client_id,
        speaker_id=speaker.person_id or None,
        speaker_name=speaker.name,
        speaker_post=speaker.post,
        kind=said.kind,
        text=said.text,
        written_at=now,
        written_by_id=actor.id,
        is_late=kinds.is_said_late(record.ends_at, now),
    )
    db.session.add(statement)
    # Past the version of the text: whoever is writing that is not disturbed.
    db.session.execute(
        update(MeetingRecord)
        .where(MeetingRecord.id == record.id)
        .values(statements=place)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(record, "statements", place)
    unconfirm(record)
    db.session.flush()
    search.index(
        SEARCH_KIND,
        statement.id,
        titles=[said.text[:60]],
        names=[speaker.name],
        body=[said.text, speaker.post],
        at=now,
    )
    audit.record(
        "statement.taken_down",
        statement,
        actor=actor,
        record=record.id,
        position=place,
        kind=said.kind.value,
        words=hashlib.sha256(said.text.encode()).hexdigest(),
    )
    return statement


def _speaker(record: MeetingRecord, said: Said) -> Speaker:
    if said.speaker_id is None and not said.speaker:
        raise InvalidInputError("请写明是谁说的。", field="speaker")
    found = list(queries.find_speakers(record, said.speaker)) if said.speaker else []
    if said.speaker_id is not None:
        chosen = [one for one in found if one.person_id == said.speaker_id]
        if chosen:
            return chosen[0]
        found = [one for one in queries.speakers(record) if one.person_id == said.speaker_id]
        if found:
            return found[0]
        raise InvalidInputError("名册上没有这个人，请写姓名和单位职务。", field="speaker")
    same_name = [one for one in found if one.name == said.speaker]
    if said.post and not same_name:
        return Speaker(0, said.speaker, said.post, is_here=True)
    found = same_name or found
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(
            f"{one.name}（{one.post}）" if one.post else one.name for one in found[:6]
        )
        raise InvalidInputError(f"名册上有几位：{names}。请写全姓名。", field="speaker")
    if said.speaker.isascii():
        raise InvalidInputError(
            f"名册上没有“{said.speaker}”。不在名册上的人请写姓名，再写单位职务。", field="speaker"
        )
    return Speaker(0, said.speaker, said.post, is_here=True)


def read_back(*, statement: Statement, actor: Person) -> None:
    """Note that the words were read back to whoever said them; once, with the moment."""
    hold(statement.record)
    noted = db.session.execute(
        update(Statement)
        .where(Statement.id == statement.id, Statement.read_back_at.is_(None))
        .values(read_back_at=clock.now(), read_back_by_id=actor.id)
        .returning(Statement.id)
        .execution_options(synchronize_session=False)
    ).first()
    if noted is None:
        raise ConflictError("这条发言已经读回过了。")
    db.session.refresh(statement, ["read_back_at", "read_back_by_id"])
    audit.record("statement.read_back", statement, actor=actor, record=statement.record_id)


def supplement(*, statement: Statement, text: str, actor: Person) -> Supplement:
    """Put a correction beside a statement, in sight; what was taken down stays as it was."""
    if not text:
        raise InvalidInputError("请写明更正或补充了什么。", field="text")
    hold(statement.record)
    made = Supplement(
        statement_id=statement.id, text=text, written_at=clock.now(), written_by_id=actor.id
    )
    db.session.add(made)
    unconfirm(statement.record)
    db.session.flush()
    audit.record(
        "statement.supplemented",
        made,
        actor=actor,
        record=statement.record_id,
        statement=statement.id,
    )
    return made
