"""The page of one lesson."""

from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.lessons import hooks, material_queries, policies, queries
from portal.lessons.models import Lesson, LessonState
from portal.lessons.states import Move, may_follow
from portal.lessons.text import markup
from portal.lessons.views.blueprint import bp
from portal.people.access import current_reader, signed_in
from portal.people.readers import Somebody
from portal.web.templating import part, render

bp.add_app_template_filter(markup, "lesson_text")


@bp.get("/<int:lesson_id>")
@signed_in
def show(lesson_id: int) -> Response:
    """What the lesson is; for those who keep it, how far it is and the next step."""
    reader = current_reader()
    lesson = queries.lesson_to_read(reader, lesson_id)
    is_keeper = policies.may_keep(reader, lesson)
    shown, prepared = queries.shown_and_newest_to_read(lesson)
    newest = prepared if is_keeper else shown
    return render(
        "lessons/show.html",
        lesson=lesson,
        shown=shown,
        newest=newest,
        stops=queries.stops(shown),
        attached=material_queries.attached_to_read(shown),
        is_keeper=is_keeper,
        may_review=newest.state is LessonState.IN_REVIEW
        and policies.may_review(reader, lesson, queries.writer_ids(newest)),
        moves={move.value for move in Move if is_keeper and may_follow(newest.state, move)},
        main_panels=_panels("main", lesson, reader),
        side_panels=_panels("side", lesson, reader),
    )


def _panels(region: str, lesson: Lesson, reader: Somebody) -> list[Markup]:
    """Return what the rooms above add to this part of the page for this reader."""
    shown = []
    for panel in hooks.panels:
        context = panel.context(lesson, reader) if panel.region == region else None
        if context is not None:
            shown.append(part(panel.template, lesson=lesson, **context))
    return shown
