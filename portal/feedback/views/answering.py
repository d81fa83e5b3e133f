"""The participant's side: answer, or be left alone."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError, NotFoundError
from portal.events import queries as events
from portal.events.models import Event
from portal.feedback import policies, queries, services
from portal.feedback.errors import (
    AlreadyAnsweredError,
    FeedbackClosedError,
    QuestionsChangedError,
)
from portal.feedback.forms import AnswerForm, answer_form
from portal.feedback.queries import Standing
from portal.feedback.views.blueprint import bp, least
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.addresses import path_here
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/events/<int:event_id>/feedback/answer")
@signed_in
def answering(event_id: int) -> Response:
    """The questions; whoever has answered is thanked."""
    event, standing = _asked(event_id)
    form = answer_form(standing.feedback.asked, data={"version": standing.feedback.version})
    return _page(event, standing, form)


@bp.post("/events/<int:event_id>/feedback/answer")
@signed_in
@writes
def answer(event_id: int) -> Response:
    """Count the replies."""
    event, standing = _asked(event_id)
    questions = standing.feedback.asked
    form = answer_form(questions)
    is_current = form.version.data == standing.feedback.version
    try:
        if is_current and not form.validate():
            return _page(event, standing, form, status=422)
        services.answer(
            event=event,
            version=form.version.data or 0,
            replies=form.replies(questions) if is_current else (),
            least=least(),
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, standing, form, status=422)
    except QuestionsChangedError as error:
        fresh = answer_form(questions, formdata=None, data={"version": standing.feedback.version})
        return _page(event, standing, fresh, refusal=error.message, status=409)
    except (AlreadyAnsweredError, FeedbackClosedError) as error:
        return _page(event, standing, form, refusal=error.message, status=409)
    flash("收到了，谢谢。您的回答只计入总数，不和姓名放在一起。")
    return redirect(url_for("events.show", event_id=event.id), code=303)


@bp.post("/events/<int:event_id>/feedback/dismiss")
@signed_in
@writes
def dismiss(event_id: int) -> Response:
    """Do not ask the reader about this event any more."""
    event, _ = _asked(event_id)
    services.dismiss(event=event, actor=current_person())
    flash("好的，不再提醒。想填时仍可以从活动页进入。")
    return redirect(path_here(request.form.get("next")), code=303)


def _asked(event_id: int) -> tuple[Event, Standing]:
    reader = current_reader()
    event = events.event_seen_by(reader, event_id)
    standing = queries.standing(event, reader)
    has_come = standing is not None and standing.has_come
    require(
        policies.may_answer(event, has_come=has_come) or standing is None,
        "问卷只请到场的人填写；名册上没有您到场的记录。",
    )
    if standing is None:
        raise NotFoundError("这次活动没有问卷。")
    return event, standing


def _page(
    event: Event, standing: Standing, form: AnswerForm, *, refusal: str = "", status: int = 200
) -> Response:
    return render(
        "feedback/answer.html",
        status=status,
        event=event,
        standing=standing,
        feedback=standing.feedback,
        questions=standing.feedback.asked,
        form=form,
        refusal=refusal,
        is_open=standing.feedback.is_open(event, clock.now()),
        least=least(),
    )
