"""What lessons do with materials: whoever reads a lesson reads what is attached to it."""

from collections.abc import Sequence

from flask import Flask, url_for

from portal.lessons import material_queries
from portal.lessons.models import LessonMaterial
from portal.materials import hooks
from portal.people.readers import Somebody


def _uses(material_id: int, reader: Somebody) -> Sequence[hooks.Use]:
    return [
        hooks.Use("党课", lesson.title, url_for("lessons.show", lesson_id=lesson.id))
        for lesson in material_queries.lessons_with(material_id, reader)
    ]


_USING = hooks.Using(LessonMaterial.material_id, _uses)


def init_app(_app: Flask) -> None:
    """Say who reads what is attached, and where it is used."""
    if _USING not in hooks.uses:
        hooks.readable.append(material_queries.readable_ids)
        hooks.uses.append(_USING)
