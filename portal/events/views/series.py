"""Series: events that come again."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.events import details as written
from portal.events.models import Event
from portal.events.series import patterns, policies, queries, rhythm, services
from portal.events.series.forms import FollowingForm, ReasonForm, RepeatForm
from portal.events.series.models import Rhythm
from portal.events.series.rhythm import Days
from portal.events.series.taken_dates import Choices, DatesTakenError
from portal.events.states import Move, after
from portal.events.views.blueprint import bp, hosted
from portal.events.views.editing import said
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_HOST = "只有主办组织的书记、记录人和上级组织可以办理这件事。"


@bp.route("/<int:event_id>/repeat", methods=["GET", "POST"])
@signed_in
@writes
def repeat(event_id: int) -> Response:
    """Let an event come again: look at the days first, then make them drafts or publish."""
    event = hosted(event_id, to_change=request.method == "POST")
    after(event.state, Move.EDIT)
    if event.series_id is not None:
        raise ConflictError("这次活动已经在一个系列里了。")
    form = RepeatForm(
        data={
            "title": event.title,
            "rhythm": Rhythm.MONTHLY_WEEKDAY.value,
            "every": 1,
            "skips_holidays": True,
        }
    )
    form.offer(event, form.every.data or 1)
    step = request.form.get("then", "preview")
    days = taken = None
    if form.validate_on_submit():
        try:
            if step in {"draft", "publish"}:
                return _made(event, form, publishes=step == "publish")
            days = services.planned(
                event=event, plan=form.plan(), skips_holidays=bool(form.skips_holidays.data)
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        except DatesTakenError as error:
            taken = error
    return _repeat_page(event, form, days, taken)


def _made(event: Event, form: RepeatForm, *, publishes: bool) -> Response:
    series, told = services.make(
        event=event,
        plan=form.plan(),
        title=form.title.data or "",
        skips_holidays=bool(form.skips_holidays.data),
        publishes=publishes,
        actor=current_person(),
        choices=Choices(request.form),
    )
    done = "已发布。" if publishes else "都存为草稿，核对后可以一起发布。"
    flash(f"系列活动已建立，{done}{said(told)}")
    return redirect(url_for("events.series", event_series_id=series.id))


def _repeat_page(
    event: Event, form: RepeatForm, days: Days | None, taken: DatesTakenError | None
) -> Response:
    return render(
        "events/repeat.html",
        block="days",
        event=event,
        form=form,
        days=days,
        taken=taken,
        status=409 if taken else 422 if form.errors else 200,
    )


@bp.get("/series/<int:event_series_id>")
@signed_in
def series(event_series_id: int) -> Response:
    """All events of a series that the reader may see, and what its hosts can do with them."""
    reader = current_reader()
    found = queries.series(event_series_id)
    events = queries.events_seen_by(reader, event_series_id)
    if not events:
        raise NotFoundError("没有找到这个系列，或者不对您开放。")
    return render(
        "events/series.html",
        series=found,
        events=events,
        title=patterns.plain_title(found.pattern["title"]),
        words=rhythm.words(found.rhythm, events[0].planned_at or events[0].starts_at, found.every),
        is_host=policies.may_run(reader, found),
        drafts=sum(event.state.value == "draft" for event in events),
    )


@bp.post("/series/<int:event_series_id>/publish")
@signed_in
@writes
def publish_series(event_series_id: int) -> Response:
    """Publish all drafts of a series; people are told once of all of them."""
    found = queries.series(event_series_id)
    require(policies.may_run(current_reader(), found), _NOT_HOST)
    choices = Choices(request.form)
    try:
        number, told = services.publish(series=found, actor=current_person(), choices=choices)
    except DatesTakenError as error:
        title = patterns.plain_title(found.pattern["title"])
        return render(
            "events/publish_series.html", series=found, title=title, taken=error, status=409
        )
    flash(f"已发布 {number} 次活动。{said(told)}")
    return _to_series(found.id)


def _to_series(series_id: int) -> Response:
    """Go to the series, or where it would be if nothing of it is left."""
    if queries.events_seen_by(current_reader(), series_id):
        return redirect(url_for("events.series", event_series_id=series_id))
    return redirect(url_for("events.index"))


@bp.route("/<int:event_id>/following", methods=["GET", "POST"])
@signed_in
@writes
def following(event_id: int) -> Response:
    """Change this event and all that follow it; what was changed by hand stays, and is listed."""
    event = hosted(event_id, to_change=request.method == "POST")
    after(event.state, Move.EDIT)
    if event.series_id is None:
        raise ConflictError("这次活动不在任何系列里。")
    before = written.of(event)
    title = services.title_to_type(event, queries.series(event.series_id))
    form = FollowingForm(
        data={
            **{name: getattr(before, name) for name in (*services.FIELDS, "starts_at", "ends_at")},
            "title": title,
            "version": event.version,
        }
    )
    if not form.validate_on_submit():
        return _following_page(event, form)
    version = request.form.get("version", 0, type=row_number)
    try:
        report = services.change_following(
            event=event,
            typed=form.details(before),
            version=version,
            actor=current_person(),
            choices=Choices(request.form),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _following_page(event, form)
    except DatesTakenError as error:
        return _following_page(event, form, taken=error, status=409)
    except ConflictError as error:
        form.take({"version": event.version})
        form.form_errors.append(error.message)
        return _following_page(event, form, status=409)
    flash(f"已修改 {report.number} 次活动。{said(report.told)}")
    if report.kept:
        return render("events/kept.html", event=event, report=report)
    return redirect(url_for("events.series", event_series_id=event.series_id))


def _following_page(
    event: Event,
    form: FollowingForm,
    *,
    taken: DatesTakenError | None = None,
    status: int | None = None,
) -> Response:
    return render(
        "events/following.html",
        event=event,
        form=form,
        taken=taken,
        status=status or (422 if form.is_submitted() else 200),
    )


@bp.route("/<int:event_id>/following/cancel", methods=["GET", "POST"])
@signed_in
@writes
def cancel_following(event_id: int) -> Response:
    """Call off this event and all that follow it; people are told once."""
    event = hosted(event_id, to_change=request.method == "POST")
    if event.series_id is None:
        raise ConflictError("这次活动不在任何系列里。")
    form = ReasonForm()
    if form.validate_on_submit():
        series_id = event.series_id
        report = services.cancel_following(
            event=event, reason=form.reason.data or "", actor=current_person()
        )
        flash(f"已取消 {report.number} 次活动。{said(report.told)}")
        return _to_series(series_id)
    return render(
        "events/cancel_following.html",
        event=event,
        form=form,
        events=[one for _, one in services.following(event)],
        status=422 if form.is_submitted() else 200,
    )
