"""What is attached to lessons, and who may read it for that."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Integer, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.lessons.attachments import Attachments
from portal.lessons.models import PUBLIC, Lesson, LessonMaterial, LessonVersion
from portal.lessons.queries import visible_to
from portal.materials.models import Material, StoredFile
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.statements import Ready
from portal.told import Told

# A material as the page of a lesson shows it.
_SHOWN = Told(Material, is_first=True, file=Told(StoredFile))


def attached(version: LessonVersion) -> list[Material]:
    """Return the materials of a version in their order, without the pictures of its text."""
    return [row.material for row in rows(version) if not row.is_in_text]


def attached_to_read(version: LessonVersion) -> tuple[Material, ...]:
    """Return what `attached` does, with the files: to be shown, never changed (`portal.told`)."""
    rows = _SHOWN_ATTACHED.rows({"version_id": version.id})
    return tuple(_SHOWN.read(tuple(row)) for row in rows)


def rows(version: LessonVersion) -> Sequence[LessonMaterial]:
    """Return what ties materials to a version, in their order; files and owners are loaded."""
    material = joinedload(LessonMaterial.material)
    return db.session.scalars(
        select(LessonMaterial)
        .where(LessonMaterial.version_id == version.id)
        .order_by(LessonMaterial.position, LessonMaterial.id)
        .options(material.joinedload(Material.file), material.joinedload(Material.organisation))
    ).all()


def row(version: LessonVersion, material_id: int) -> LessonMaterial:
    """Return what ties a material to a version; raise NotFoundError."""
    for found in rows(version):
        if found.material_id == material_id:
            return found
    raise NotFoundError("这份资料没有加到这堂课里，可能刚被取下。")


def readable_ids(person: Somebody) -> Select[int]:
    """Select the materials of lessons that the person reads: of other versions, their keepers."""
    return _of_lessons(select(LessonMaterial.material_id), person)


def lessons_with(material_id: int, person: Somebody) -> Sequence[Lesson]:
    """Return the lessons that use a material, as far as the person may know, by title."""
    ids = _of_lessons(select(Lesson.id), person).where(LessonMaterial.material_id == material_id)
    wanted = select(Lesson).where(Lesson.id.in_(ids)).order_by(Lesson.title, Lesson.id)
    return db.session.scalars(wanted.limit(50)).all()


def attachments(versions: Collection[LessonVersion]) -> dict[int, Attachments]:
    """Return what is attached to each version and what is on its cover, by id, in one question."""
    found = db.session.execute(
        select(
            LessonMaterial.version_id,
            LessonMaterial.material_id,
            LessonMaterial.is_in_text,
            Material.title,
        )
        .join(Material, Material.id == LessonMaterial.material_id)
        .where(LessonMaterial.version_id.in_([version.id for version in versions]))
        .order_by(LessonMaterial.position, LessonMaterial.id)
    )
    told: dict[int, dict[int, str]] = {version.id: {} for version in versions}
    covers = {version.id: "" for version in versions}
    cover_ids = {version.id: version.cover_id for version in versions}
    for version_id, material_id, is_in_text, title in found:
        if not is_in_text:
            told[version_id][material_id] = title
        if material_id == cover_ids[version_id]:
            covers[version_id] = title
    return {key: Attachments(told[key], cover_ids[key], covers[key]) for key in told}


def _of_lessons(what: Select[int], person: Somebody) -> Select[int]:
    is_read: ColumnElement[bool] = LessonVersion.state.in_(PUBLIC)
    roots = scope(person, HOSTS)
    if roots:
        kept = select(Organisation.id).where(in_subtrees(roots))
        is_read = or_(is_read, Lesson.organisation_id.in_(kept))
    return (
        what.select_from(LessonMaterial)
        .join(LessonVersion, LessonVersion.id == LessonMaterial.version_id)
        .join(Lesson, Lesson.id == LessonVersion.lesson_id)
        .where(visible_to(person), is_read)
    )


def _shown_attached() -> Ready:
    file = _SHOWN.related["file"].table
    return Ready(
        select(*_SHOWN.columns)
        .join(LessonMaterial, LessonMaterial.material_id == Material.id)
        .join(file, file.id == Material.file_id)
        .where(
            LessonMaterial.version_id == bindparam("version_id", type_=Integer),
            LessonMaterial.is_in_text.is_(False),
        )
        .order_by(LessonMaterial.position, LessonMaterial.id)
    )


_SHOWN_ATTACHED = _shown_attached()
