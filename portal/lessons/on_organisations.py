"""What lessons keep under the name of an organisation: the words that find them."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.lessons.models import Lesson
from portal.lessons.services.writing import reindex
from portal.people import hooks
from portal.people.models import Organisation


def _index_kept(renamed: Sequence[Organisation]) -> None:
    """Make the lessons of renamed organisations findable by the names these bear now."""
    ids = [organisation.id for organisation in renamed]
    kept = select(Lesson).where(Lesson.organisation_id.in_(ids))
    reindex(db.session.scalars(kept.options(joinedload(Lesson.organisation))).all())


def init_app(_app: Flask) -> None:
    """Follow the names of organisations."""
    if _index_kept not in hooks.names_changed:
        hooks.names_changed.append(_index_kept)
