"""Records and what was said, as the search page finds them: for those who keep them."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody, Somewhere
from portal.records.models import MeetingRecord, Statement
from portal.records.policies import may_keep_somewhere
from portal.records.queries.records import SEARCH_KIND
from portal.records.queries.statements import SEARCH_KIND as SAID_KIND
from portal.search import hooks
from portal.search.below import find_below


def _record(row: Any) -> hooks.Found:
    return hooks.Found(
        row.id,
        row.title,
        (row.sort.label, row.short_name, row.venue),
        row.starts_at,
        row.state.label,
        (row.agenda, row.reported, row.discussion, row.conclusion),
    )


def _statement(row: Any) -> hooks.Found:
    return hooks.Found(
        row.id,
        row.speaker_name,
        (row.sort.label, row.short_name, row.title),
        row.written_at,
        "",
        (row.words,),
    )


def _roots(person: Somebody) -> list[Somewhere]:
    return [] if is_administrator(person) else list(scope(person, HOSTS))


def _within(duties: int) -> Any:
    roots: Collection[Any] = bound.roots(duties)
    return in_subtrees(roots)


@lru_cache(maxsize=64)
def _records(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            MeetingRecord.id,
            MeetingRecord.title,
            MeetingRecord.kind.label("sort"),
            MeetingRecord.state,
            MeetingRecord.starts_at,
            MeetingRecord.place.label("venue"),
            MeetingRecord.agenda,
            MeetingRecord.reported,
            MeetingRecord.discussion,
            MeetingRecord.conclusion,
            Organisation.short_name,
        )
        .join(Organisation, Organisation.id == MeetingRecord.organisation_id)
        .where(_within(duties))
    )


@lru_cache(maxsize=64)
def _statements(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Statement.id,
            Statement.speaker_name,
            Statement.kind.label("sort"),
            Statement.text.label("words"),
            Statement.written_at,
            MeetingRecord.title,
            Organisation.short_name,
        )
        .join(MeetingRecord, MeetingRecord.id == Statement.record_id)
        .join(Organisation, Organisation.id == Statement.organisation_id)
        .where(_within(duties))
    )


# Looked for only when asked for: each kind costs the page of all kinds a statement.
RECORDS = hooks.Source(
    SEARCH_KIND,
    "会议记录",
    "records.show",
    "record_id",
    26,
    may_keep_somewhere,
    find_below(_roots, _records, MeetingRecord.id, SEARCH_KIND, _record),
    is_among_all=False,
)
STATEMENTS = hooks.Source(
    SAID_KIND,
    "发言",
    "records.said",
    "statement_id",
    27,
    may_keep_somewhere,
    find_below(_roots, _statements, Statement.id, SAID_KIND, _statement),
    is_among_all=False,
)
