"""Questions of a sign-up: hosts write them, those who sign up answer them on one short form."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from flask import flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by, event_to_change
from portal.events.states import Move, may_follow
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.readers import Somebody
from portal.signups import policies, queries, services
from portal.signups.errors import SignupRefusedError
from portal.signups.forms import QuestionsForm
from portal.signups.list_xlsx import write
from portal.signups.models import LIVE
from portal.signups.questions import MOST_QUESTIONS, Question
from portal.signups.views.blueprint import bp, managed
from portal.web.templating import render
from portal.web.transaction import writes

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/questions")
@signed_in
def questions(event_id: int) -> Response:
    """What is asked, how many have chosen what, and the form that sets it."""
    event = managed(event_id)
    asked = queries.questions_of(event.id)
    return _page(event, QuestionsForm(formdata=None, data={"rows": _rows(asked)}), asked)


@bp.post("/questions")
@signed_in
@writes
def set_questions(event_id: int) -> Response:
    """Ask these."""
    actor = current_person()
    event = event_to_change(actor, event_id)
    require(policies.may_manage(actor, event), "只有主办方可以设置报名要问的题。")
    form = QuestionsForm()
    if form.validate():
        try:
            services.set_questions(event=event, questions=form.questions(), actor=actor)
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("报名要问的题已保存。")
            return redirect(url_for("signups.questions", event_id=event.id), code=303)
    return _page(event, form, queries.questions_of(event.id), status=422)


@bp.get("/list.xlsx")
@signed_in
def list_xlsx(event_id: int) -> Response:
    """Who has a place, waits or is asked about, with the answers, as a spreadsheet."""
    event = managed(event_id)
    signups = queries.all_live(event.id)
    file = BytesIO()
    write(
        file,
        signups=signups,
        details=queries.details(signups),
        questions=queries.questions_of(event.id),
        answers=queries.answers_of([signup.id for signup in signups]),
    )
    file.seek(0)
    name = f"报名名单 {event.title}.xlsx"
    return send_file(file, mimetype=_XLSX, as_attachment=True, download_name=name)


@bp.get("/answers")
@signed_in
def answering(event_id: int) -> Response:
    """The short form: sign up with answers, or change them."""
    reader = current_reader()
    return answers_page(event_seen_by(reader, event_id), reader)


@bp.post("/answers")
@signed_in
@writes
def answer(event_id: int) -> Response:
    """Answer anew."""
    reader = current_person()
    event = event_seen_by(reader, event_id)
    signup = queries.signup_of(event, reader)
    try:
        if signup is None:
            raise SignupRefusedError("您没有报名，不用回答。")
        services.answer(event=event, signup=signup, typed=request.form)
    except InvalidInputError as error:
        return answers_page(event, reader, typed=request.form, error=error, status=422)
    flash("已保存您的回答。")
    return redirect(url_for("events.show", event_id=event.id), code=303)


def answers_page(
    event: Event,
    reader: Somebody,
    *,
    typed: Mapping[str, str] | None = None,
    error: InvalidInputError | None = None,
    status: int = 200,
) -> Response:
    """Show the questions with what was typed, or answered before."""
    asked = queries.questions_of(event.id)
    signup = queries.signup_of(event, reader)
    is_live = signup is not None and signup.status in LIVE
    known = queries.answers_of([signup.id]).get(signup.id, {}) if signup and is_live else {}
    before = {f"q-{number}": str(choice or words) for number, (words, choice) in known.items()}
    return render(
        "signups/answering.html",
        status=status,
        event=event,
        questions=asked,
        typed=before if typed is None else typed,
        held={choice for _, choice in known.values() if choice},
        refusal=error.message if error and not error.field else "",
        field=error.field if error else "",
        sentence=error.message if error else "",
        is_live=is_live,
        is_open=policies.takes_signups(event, clock.now()),
    )


def _rows(asked: Sequence[Question]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {
            "label": one.label,
            "kind": one.kind.value,
            "is_required": one.is_required,
            "choices": "\n".join(
                f"{choice.label}：{choice.most}" if choice.most else choice.label
                for choice in one.choices
            ),
        }
        for one in asked
    ]
    blank: dict[str, object] = {"kind": "text"}
    return [*rows, *[blank] * min(2, MOST_QUESTIONS - len(rows))]


def _page(
    event: Event, form: QuestionsForm, asked: Sequence[Question], *, status: int = 200
) -> Response:
    counts, known, _ = queries.overview(event.id)
    return render(
        "signups/questions.html",
        status=status,
        event=event,
        form=form,
        asked=asked,
        counts=counts,
        rules=known,
        may_change=may_follow(event.state, Move.EDIT),
    )
