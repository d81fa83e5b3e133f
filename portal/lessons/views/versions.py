"""Every version of a lesson: the list, one of them, and two compared."""

from itertools import pairwise

from werkzeug.wrappers import Response

from portal.lessons import comparison, material_queries, queries
from portal.lessons import details as written
from portal.lessons.models import LessonVersion
from portal.lessons.views.blueprint import bp, kept
from portal.people.access import signed_in
from portal.web.numbers import asked_number
from portal.web.templating import render


@bp.get("/<int:lesson_id>/versions")
@signed_in
def versions(lesson_id: int) -> Response:
    """Who wrote which version when, what each changed, and every step of its life."""
    lesson = kept(lesson_id)
    found = queries.versions(lesson)
    changed = {}
    for now, before in pairwise(found):
        names = written.differences(written.of(before), written.of(now))
        changed[now.number] = [label for name, label in written.LABELS.items() if name in names]
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
    changes = comparison.differences(
        _words(before), _words(after), {**written.LABELS, **material_queries.LABELS}
    )
    return render(
        "lessons/compare.html",
        lesson=lesson,
        before=before,
        after=after,
        changes=changes,
        numbers=range(1, lesson.last_number + 1),
    )


def _words(version: LessonVersion) -> dict[str, str]:
    """Return all that is compared of a version, told in words."""
    return {**written.words(written.of(version)), **material_queries.words(version)}
