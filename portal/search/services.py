"""Keeping the index: a room indexes its object whenever the object changes."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from portal.database import db
from portal.search.models import SearchEntry
from portal.search.places import kind_token, place, rank_of
from portal.search.tokens import MARK, tokens_of


def index(
    kind: str,
    object_id: int,
    *,
    titles: Iterable[str] = (),
    names: Iterable[str] = (),
    body: Iterable[str] = (),
    marks: Iterable[str] = (),
    at: datetime | None = None,
    rank: int = 0,
) -> None:
    """Make the object findable by these texts, and by nothing it was found by before.

    `titles` (titles, places, organisations) are found by characters, pinyin and initials,
    `names` of persons too, in every reading; `body` by characters only. What has the words in
    the first of the titles is found first; then what is later by `at`, or higher by `rank`.
    `marks` (letters and digits) are what the room's own searches can be narrowed to.
    """
    found_by = tokens_of(titles=titles, names=names, body=body)
    own = [MARK + mark for mark in sorted(set(marks))]
    tokens = " ".join([kind_token(kind), *found_by, *own])
    number = place(kind, object_id, rank_of(at) if at is not None else rank)
    mine = (SearchEntry.kind == kind, SearchEntry.object_id == object_id)
    known = db.session.execute(select(SearchEntry.id, SearchEntry.tokens).where(*mine)).first()
    if known is None:
        db.session.execute(
            insert(SearchEntry).values(id=number, kind=kind, object_id=object_id, tokens=tokens)
        )
    elif (known.id, known.tokens) != (number, tokens):
        db.session.execute(update(SearchEntry).where(*mine).values(id=number, tokens=tokens))


def remove(kind: str, object_id: int) -> None:
    """Make the object unfindable."""
    db.session.execute(
        delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.object_id == object_id)
    )
