"""What was said, a page at a time, in the order in which it was taken down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal import paging
from portal.database import alias_of, db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.people.models import Person
from portal.people.readers import Somebody
from portal.records import policies
from portal.records.models import MeetingRecord, Statement, StatementKind, Supplement

# What statements are called in the search index.
SEARCH_KIND = "statement"
_UNKNOWN = "没有找到这条发言，可能不对您开放。"


class Added(NamedTuple):
    """What was put beside a statement, by whom, when."""

    text: str
    written_by: str
    written_at: datetime


class StatementRow(NamedTuple):
    """What a page says of one statement."""

    id: int
    record_id: int
    event_id: int
    organisation_id: int
    position: int
    client_id: str
    speaker_id: int | None
    speaker_name: str
    speaker_post: str
    kind: StatementKind
    text: str
    written_at: datetime
    written_by: str
    is_late: bool
    read_back_at: datetime | None
    supplements: tuple[Added, ...] = ()

    @property
    def speaker(self) -> str:
        """The speaker as a list names them: 姓名（单位职务）."""
        return (
            f"{self.speaker_name}（{self.speaker_post}）"
            if self.speaker_post
            else self.speaker_name
        )


_WRITER = alias_of(Person)
_COLUMNS = (
    Statement.id,
    Statement.record_id,
    Statement.event_id,
    Statement.organisation_id,
    Statement.position,
    Statement.client_id,
    Statement.speaker_id,
    Statement.speaker_name,
    Statement.speaker_post,
    Statement.kind,
    Statement.text,
    Statement.written_at,
    _WRITER.name,
    Statement.is_late,
    Statement.read_back_at,
)


def statements_of(record: MeetingRecord) -> list[StatementRow]:
    """Return all that was said, in its order, with what was added: for the record and its papers.

    A meeting has some dozens of statements; two questions however many there are.
    """
    rows = db.session.execute(_rows(record).order_by(Statement.position)).all()
    return _with_supplements([StatementRow(*row) for row in rows])


def page_of_statements(record: MeetingRecord, number: int) -> "paging.Page[StatementRow]":
    """Return page `number` of what was said, the latest first: for whoever is taking it down."""
    wanted = paging.paged(_rows(record).order_by(Statement.position.desc()))
    page = paging.page_of_rows(wanted, number, lambda row: StatementRow(*row), {})
    return paging.Page(_with_supplements(page.rows), page.number, page.has_next)


def find_by_client(record_id: int, client_id: str) -> Statement | None:
    """Return the statement that a browser has sent before under this id, if it arrived."""
    return db.session.scalar(
        select(Statement).where(Statement.record_id == record_id, Statement.client_id == client_id)
    )


def statement(statement_id: int) -> Statement:
    """Return one statement with its record, event, organisation, supplements; raise NotFoundError.

    For the rooms above: what is taken back from a meeting begins here.
    """
    found = db.session.scalar(
        select(Statement)
        .where(Statement.id == statement_id)
        .options(
            joinedload(Statement.record).joinedload(MeetingRecord.organisation),
            joinedload(Statement.record).joinedload(MeetingRecord.event).joinedload(Event.host),
            joinedload(Statement.written_by),
            selectinload(Statement.supplements).joinedload(Supplement.written_by),
        )
    )
    if found is None:
        raise NotFoundError(_UNKNOWN)
    return found


def statement_seen_by(person: Somebody, statement_id: int) -> Statement:
    """Return the statement if the person may see its record; raise NotFoundError else."""
    found = statement(statement_id)
    if not policies.may_see(person, found.record):
        raise NotFoundError(_UNKNOWN)
    return found


def _rows(record: MeetingRecord) -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(_WRITER, _WRITER.id == Statement.written_by_id)
        .where(Statement.record_id == record.id)
    )


def _with_supplements(rows: Sequence[StatementRow]) -> list[StatementRow]:
    """Put what was added beside each row, by one question for all of them."""
    if not rows:
        return []
    found: dict[int, list[Added]] = {}
    for statement_id, *added in db.session.execute(
        select(Supplement.statement_id, Supplement.text, Person.name, Supplement.written_at)
        .join(Person, Person.id == Supplement.written_by_id)
        .where(Supplement.statement_id.in_([row.id for row in rows]))
        .order_by(Supplement.id)
    ):
        found.setdefault(statement_id, []).append(Added._make(added))
    return [row._replace(supplements=tuple(found.get(row.id, ()))) for row in rows]
