"""Questions that are taken along to a gathering, and that become its agenda (S23)."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events import agenda_rows, agenda_services
from portal.events.agenda import LONGEST_TITLE, MOST_ROWS, AgendaRow
from portal.events.models import Event
from portal.people.models import Person
from portal.records import queries
from portal.records.models import PreparedQuestion
from portal.records.models.record import LONGEST_NAME, LONGEST_QUESTION

MOST_QUESTIONS = 60


def prepare(*, event: Event, lines: Sequence[tuple[str, str]], actor: Person) -> None:
    """Keep these questions, each with whom it is for, in place of those there are.

    Raises InvalidInputError for more than sixty, and for one that is too long.
    """
    if len(lines) > MOST_QUESTIONS:
        raise InvalidInputError(
            f"最多准备 {MOST_QUESTIONS} 个问题，现在有 {len(lines)} 个。", field="questions"
        )
    for number, (text, addressee) in enumerate(lines, 1):
        if len(text) > LONGEST_QUESTION or len(addressee) > LONGEST_NAME:
            raise InvalidInputError(
                f"第 {number} 个太长：问题最多 {LONGEST_QUESTION} 字，对象最多 {LONGEST_NAME} 字。",
                field="questions",
            )
    db.session.execute(delete(PreparedQuestion).where(PreparedQuestion.event_id == event.id))
    db.session.add_all(
        PreparedQuestion(event_id=event.id, position=place, text=text, addressee=addressee)
        for place, (text, addressee) in enumerate(lines)
    )
    db.session.flush()
    audit.record("questions.prepared", event, actor=actor, count=len(lines))


def into_agenda(*, event: Event, actor: Person) -> int:
    """Put the prepared questions at the end of the event's agenda; return how many are new.

    Only before it begins. What stands on the agenda already is not put there twice. Raises
    ConflictError when there is nothing to put, or no room for it.
    """
    if clock.now() >= event.starts_at:
        raise ConflictError("活动已经开始，议程不再改；问题会出现在现场记录页的一旁。")
    rows = agenda_rows.rows(event.id)
    known = {row.title for row in rows}
    fresh = [
        AgendaRow(question.text[:LONGEST_TITLE], question.addressee)
        for question in queries.prepared(event.id)
        if question.text[:LONGEST_TITLE] not in known
    ]
    if not fresh:
        raise ConflictError("没有新的问题：准备好的问题都已经在议程里了。")
    if len(rows) + len(fresh) > MOST_ROWS:
        raise ConflictError(f"议程最多 {MOST_ROWS} 项，放不下这些问题，请先精简。")
    agenda_services.keep(event=event, rows=[*rows, *fresh], version=event.version, actor=actor)
    return len(fresh)
