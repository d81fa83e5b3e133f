"""Keeping the index: a room indexes its object whenever the object changes."""

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from portal.database import db
from portal.search.models import SearchEntry
from portal.search.tokens import tokens_of


def index(
    kind: str,
    object_id: int,
    *,
    titles: Iterable[str] = (),
    names: Iterable[str] = (),
    body: Iterable[str] = (),
) -> None:
    """Make the object findable by these texts, and by nothing it was found by before.

    `titles` (titles, places, organisations) are found by characters, pinyin and initials,
    `names` of persons too, in every reading; `body` by characters only.
    """
    tokens = " ".join(tokens_of(titles=titles, names=names, body=body))
    mine = (SearchEntry.kind == kind, SearchEntry.object_id == object_id)
    known = db.session.execute(select(SearchEntry.id, SearchEntry.tokens).where(*mine)).first()
    if known is None:
        db.session.add(SearchEntry(kind=kind, object_id=object_id, tokens=tokens))
        db.session.flush()
    elif known.tokens != tokens:
        db.session.execute(update(SearchEntry).where(*mine).values(tokens=tokens))


def remove(kind: str, object_id: int) -> None:
    """Make the object unfindable."""
    db.session.execute(
        delete(SearchEntry).where(SearchEntry.kind == kind, SearchEntry.object_id == object_id)
    )
