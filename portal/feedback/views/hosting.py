"""The host's side: choose a questionnaire, look at the results, take it back."""

import random
from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event, EventKind
from portal.feedback import policies, queries, services, tally
from portal.feedback.forms import SettingForm
from portal.feedback.models import EventFeedback, FeedbackTemplate
from portal.feedback.questions import STANDARDS, Question
from portal.feedback.views.blueprint import bp, least, run_event
from portal.people.access import current_person, current_reader, signed_in
from portal.web.templating import render
from portal.web.transaction import writes

# The choice that leaves the questions as they are.
_KEPT = "kept"
_STANDARD_OF = {EventKind.LESSON: "lesson", EventKind.SITE_VISIT: "visit"}


@bp.get("/events/<int:event_id>/feedback")
@signed_in
def results(event_id: int) -> Response:
    """What came in: numbers, bars, words in no order; or what to do first."""
    event = run_event(event_id)
    feedback = queries.find_feedback(event.id)
    if feedback is None:
        return render("feedback/none.html", event=event, least=least())
    now = clock.now()
    released, held = queries.both_tallies(feedback)
    is_closed = feedback.is_closed(event, now)
    shown = tally.shown(
        released, held, least=least(), is_closed=is_closed, chance=random.SystemRandom()
    )
    return render(
        "feedback/results.html",
        event=event,
        feedback=feedback,
        questions=feedback.asked,
        received=released.answers + held.answers,
        invited=queries.count_invited(event),
        shown=shown,
        figures=tally.figures(feedback.asked, shown) if shown else [],
        is_open=feedback.is_open(event, now),
        is_closed=is_closed,
        least=least(),
    )


@bp.route("/events/<int:event_id>/feedback/setting", methods=["GET", "POST"])
@signed_in
@writes
def setting(event_id: int) -> Response:
    """Choose the questionnaire, and for how many days it is open."""
    event = run_event(event_id)
    feedback = queries.find_feedback(event.id)
    offered = _offered(event, feedback)
    form = SettingForm(
        data={
            "questionnaire": _KEPT if feedback else _STANDARD_OF.get(event.kind, "general"),
            "days": feedback.days if feedback else current_app.config["PORTAL_FEEDBACK_DAYS"],
            "version": feedback.version if feedback else None,
        }
    )
    form.questionnaire.choices = {key: name for key, name, _ in offered}
    if not form.validate_on_submit():
        return _setting_page(event, feedback, form, offered)
    name, questions = next(
        (name, questions) for key, name, questions in offered if key == form.questionnaire.data
    )
    try:
        services.ask(
            event=event,
            name=name,
            questions=questions,
            days=form.days.data,
            version=form.version.data,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _setting_page(event, feedback, form, offered)
    except ConflictError as error:
        db.session.rollback()
        return _changed_meanwhile(event_id, form, error)
    flash("已保存。活动结束后，到场的人会看到这份问卷；不填也没有关系。")
    return redirect(url_for("feedback.results", event_id=event.id), code=303)


def _changed_meanwhile(event_id: int, form: SettingForm, error: ConflictError) -> Response:
    """Show the setting as it is now, with what was typed, and say what happened."""
    event = run_event(event_id)
    feedback = queries.find_feedback(event.id)
    offered = _offered(event, feedback)
    form.questionnaire.choices = {key: name for key, name, _ in offered}
    form.take({"version": feedback.version if feedback else None})
    form.form_errors.append(error.message)
    return _setting_page(event, feedback, form, offered, status=409)


def _setting_page(
    event: Event,
    feedback: EventFeedback | None,
    form: SettingForm,
    offered: Sequence[tuple[str, str, tuple[Question, ...]]],
    *,
    status: int | None = None,
) -> Response:
    return render(
        "feedback/setting.html",
        status=status or (422 if form.is_submitted() else 200),
        event=event,
        feedback=feedback,
        form=form,
        offered=offered,
        answers=queries.count_answers(feedback) if feedback else 0,
        may_write=policies.may_write_templates(current_reader()),
    )


def _offered(
    event: Event, feedback: EventFeedback | None
) -> list[tuple[str, str, tuple[Question, ...]]]:
    """Return key, name and questions of what can be chosen; only what there is, once answered."""
    kept: list[Any] = []
    if feedback is not None:
        kept = [(_KEPT, feedback.name, feedback.asked)]
        if queries.count_answers(feedback):
            return kept
    first = _STANDARD_OF.get(event.kind, "general")
    standards = sorted(STANDARDS, key=lambda one: one.key != first)
    own = db.session.scalars(queries.templates_for(current_reader())).all()
    return [
        *kept,
        *((one.key, one.name, one.questions) for one in standards),
        *((str(one.id), _name(one), one.asked) for one in own),
    ]


def _name(template: FeedbackTemplate) -> str:
    return f"{template.name}（{template.organisation.short_name}）"


@bp.post("/events/<int:event_id>/feedback/stop")
@signed_in
@writes
def stop(event_id: int) -> Response:
    """Take the questionnaire back, with all that was answered."""
    event = run_event(event_id)
    lost = services.stop(event=event, actor=current_person())
    flash(f"问卷已撤下，{lost} 份回答也已删除。" if lost else "问卷已撤下。")
    return redirect(url_for("feedback.results", event_id=event.id), code=303)
