"""Materials of a draft: attached, put in order, taken off; its cover; the pictures of its text.

They belong to the version: what is changed is reviewed like every other word.
"""

from collections.abc import Sequence

from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.lessons import material_queries as queries
from portal.lessons.models import Lesson, LessonMaterial, LessonVersion
from portal.lessons.services.keeping import note_writer, settle
from portal.lessons.states import Move, after
from portal.lessons.text import pictures
from portal.materials.models import Material, MaterialKind
from portal.materials.queries import materials_usable_by
from portal.people.models import Person


def attach(
    *,
    lesson: Lesson,
    version: LessonVersion,
    materials: Sequence[Material],
    actor: Person,
    is_in_text: bool = False,
) -> list[Material]:
    """Attach materials behind those that are there; return those that are new.

    What was a picture of the text and is attached by hand is told among the materials too.
    """
    after(version.state, Move.EDIT)
    present = queries.rows(version)
    known = {row.material_id: row for row in present}
    last = max((row.position for row in present), default=0)
    new = []
    for position, material in enumerate(materials, last + 1):
        row = known.get(material.id)
        if row is None:
            db.session.add(
                LessonMaterial(
                    version_id=version.id,
                    material_id=material.id,
                    position=position,
                    is_in_text=is_in_text,
                )
            )
        elif is_in_text or not row.is_in_text:
            continue
        else:
            row.is_in_text = False
        new.append(material)
    for material in new:
        _noted(lesson, version, material, actor, "lesson.attach")
    return new


def take_off(
    *, lesson: Lesson, version: LessonVersion, material_id: int, actor: Person
) -> Material:
    """Take a material off; a picture of the text goes on being shown there."""
    after(version.state, Move.EDIT)
    row = queries.row(version, material_id)
    material = row.material
    if material_id in pictures(version.body):
        row.is_in_text = True
    else:
        db.session.delete(row)
        if version.cover_id == material_id:
            version.cover_id = None
    _noted(lesson, version, material, actor, "lesson.detach")
    return material


def move_material(
    *, lesson: Lesson, version: LessonVersion, material_id: int, is_up: bool, actor: Person
) -> None:
    """Move a material by one place; the first cannot go up, nor the last down."""
    after(version.state, Move.EDIT)
    moved = queries.row(version, material_id)
    order = [row for row in queries.rows(version) if not row.is_in_text]
    if moved not in order:
        return
    at = order.index(moved)
    to = at - 1 if is_up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    for position, row in enumerate(order, 1):
        row.position = position
    _noted(lesson, version, moved.material, actor, "lesson.move_material")


def set_cover(
    *, lesson: Lesson, version: LessonVersion, material_id: int | None, actor: Person
) -> None:
    """Put a picture of the version on its cover; without one, a cover is drawn."""
    after(version.state, Move.EDIT)
    title = ""
    if material_id is not None:
        material = queries.row(version, material_id).material
        if material.kind is not MaterialKind.PICTURE:
            raise InvalidInputError("封面要用图片。")
        title = material.title
    version.cover_id = material_id
    note_writer(version, actor)
    settle(lesson)
    audit.record(
        "lesson.cover", lesson, actor=actor, version=version.number, title=title or "自动封面"
    )


def follow_text(version: LessonVersion, *, actor: Person) -> None:
    """Attach the pictures that the text shows, as far as the actor may use them.

    Pictures that it shows no more are let go, unless they are attached by hand or the cover.
    """
    shown = pictures(version.body)
    present = queries.rows(version)
    for row in present:
        is_free = row.is_in_text and row.material_id != version.cover_id
        if is_free and row.material_id not in shown:
            db.session.delete(row)
    known = {row.material_id for row in present}
    new = [one for one in shown if one not in known]
    usable = materials_usable_by(actor, new, {MaterialKind.PICTURE}) if new else []
    db.session.add_all(
        LessonMaterial(version_id=version.id, material_id=one.id, is_in_text=True) for one in usable
    )
    db.session.flush()


def copy(before: LessonVersion, made: LessonVersion) -> None:
    """Give the next version what is attached to the one before it, and its cover."""
    known = {row.material_id for row in queries.rows(made)}
    db.session.add_all(
        LessonMaterial(
            version_id=made.id,
            material_id=row.material_id,
            position=row.position,
            is_in_text=row.is_in_text,
        )
        for row in queries.rows(before)
        if row.material_id not in known
    )
    made.cover_id = before.cover_id
    db.session.flush()


def _noted(
    lesson: Lesson, version: LessonVersion, material: Material, actor: Person, action: str
) -> None:
    note_writer(version, actor)
    db.session.flush()
    audit.record(
        action,
        lesson,
        actor=actor,
        version=version.number,
        material=material.id,
        title=material.title,
    )
