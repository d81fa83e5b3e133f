"""Every version of a lesson: the list, one of them, and two compared."""

from itertools import pairwise
from typing import NamedTuple

from werkzeug.wrappers import Response

from portal.lessons import details as written
from portal.lessons import material_queries, queries
from portal.lessons.attachments import AttachmentChange
from portal.lessons.views.blueprint import bp, kept
from portal.lessons.views.changes import changes_between
from portal.people.access import signed_in
from portal.web.numbers import asked_number
from portal.web.templating import render


class VersionChange(NamedTuple):
    """How a version differs from the one before: what was written, what was attached."""

    labels: list[str]
    materials: AttachmentChange

    @property
    def is_nothing(self) -> bool:
        """Whether both say the same."""
        return not (self.labels or self.materials.added or self.materials.removed)


@bp.get("/<int:lesson_id>/versions")
@signed_in
def versions(lesson_id: int) -> Response:
    """Who wrote which version when, what each changed, and every step of its life."""
    lesson = kept(lesson_id)
    found = queries.versions(lesson)
    attached = material_queries.attachments(found)
    changed = {}
    for now, before in pairwise(found):
        names = written.differences(written.of(before), written.of(now))
        materials = AttachmentChange(attached[before.id], attached[now.id])
        labels = [label for name, label in written.LABELS.items() if name in names]
        changed[now.number] = VersionChange([*labels, *materials.labels], materials)
    return render(
        "lessons/versions.html",
        lesson=lesson,
        versions=found,
        changed=changed,
        moves=queries.moves(lesson),
    )


@bp.get("/<int:lesson_id>/versions/<int:number>")
@signed_in
def version(lesson_id: int, number: int) -> Response:
    """One version as it stood."""
    lesson = kept(lesson_id)
    return render("lessons/version.html", lesson=lesson, version=queries.version(lesson, number))


@bp.get("/<int:lesson_id>/compare")
@signed_in
def compare(lesson_id: int) -> Response:
    """Two versions: what was taken out and put in, field by field."""
    lesson = kept(lesson_id)
    after = queries.version(lesson, asked_number("to") or lesson.last_number)
    before = queries.version(lesson, asked_number("from") or max(1, after.number - 1))
    return render(
        "lessons/compare.html",
        lesson=lesson,
        before=before,
        after=after,
        changes=changes_between(before, after),
        numbers=range(1, lesson.last_number + 1),
    )
