"""Events as the search page finds them: those that the reader may see."""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from portal.events.models import Event, EventState
from portal.events.queries import SEARCH_KIND, visible_to_reader
from portal.people.models import Organisation
from portal.people.policies import is_administrator
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.queries import look_up

_WORDS = {
    EventState.DRAFT: "草稿",
    EventState.POSTPONED: "延期待定",
    EventState.CANCELLED: "已取消",
}


def find(person: Somebody, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return events that match: by title first, then the latest."""
    seen = visible_to_reader(person)
    found, total = look_up(
        _rows(seen.condition),
        Event.id,
        SEARCH_KIND,
        typed,
        limit=limit,
        offset=offset,
        values=seen.parameters,
    )
    return hooks.Findings(
        [
            hooks.Found(
                row.id,
                row.title,
                (row.kind.label, row.venue, row.short_name, row.lecturer),
                row.starts_at,
                _WORDS.get(row.state, ""),
                (row.summary, row.agenda, row.note),
            )
            for row in found
        ],
        total,
    )


@lru_cache(maxsize=64)
def _rows(visible: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Event.id,
            Event.title,
            Event.kind,
            Event.state,
            Event.starts_at,
            Event.place.label("venue"),
            Event.lecturer,
            Event.summary,
            Event.agenda,
            Event.note,
            Organisation.short_name,
        )
        .join(Organisation, Organisation.id == Event.host_id)
        .where(visible)
    )


def _is_for(person: Somebody) -> bool:
    return not is_administrator(person)


SOURCE = hooks.Source(SEARCH_KIND, "活动", "events.show", "event_id", 10, _is_for, find)
