"""An exercise at a giving, as its host sees it."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.events import queries as events
from portal.exercises import policies, queries, services
from portal.exercises.models import ExerciseRun
from portal.exercises.views.blueprint import bp
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.numbers import row_number
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_HOST = "只有这次活动的主办方可以办理这件事。"


def _hosted(run_id: int, *, to_change: bool = False) -> ExerciseRun:
    """Return a run at an event that the reader hosts; raise NotFoundError or ForbiddenError."""
    reader = current_reader()
    run = queries.run_seen_by(reader, run_id, to_change=to_change)
    require(policies.may_see_results(reader, run.event), _NOT_HOST)
    return run


def _to_results(run: ExerciseRun) -> Response:
    return redirect(url_for("exercises.results", run_id=run.id))


@bp.post("/<int:exercise_id>/runs")
@signed_in
@writes
def open_run(exercise_id: int) -> Response:
    """Open the exercise at one giving of its lesson."""
    reader = current_reader()
    exercise = queries.exercise_seen_by(reader, exercise_id)
    event_id = request.form.get("event_id", 0, type=row_number)
    event = events.event_seen_by(reader, event_id)
    require(policies.may_open(reader, exercise, event), _NOT_HOST)
    run = services.open_run(exercise=exercise, event=event, actor=current_person())
    flash("练习已打开，参加这次活动的人在活动页上就能开始。")
    return _to_results(run)


@bp.get("/runs/<int:run_id>/results")
@signed_in
def results(run_id: int) -> Response:
    """Which fields go wrong most; every figure with its number of answers, no names."""
    run = _hosted(run_id)
    progress = queries.progress(run)
    return render(
        "exercises/results.html",
        run=run,
        results=queries.results(run, progress.handed_in),
        handed_in=progress.handed_in,
        under_way=progress.under_way,
        fewest=queries.FEWEST_SHOWN,
        is_open=run.is_open_on(clock.today()),
        is_over=run.is_over_on(clock.today()),
    )


@bp.post("/runs/<int:run_id>/close")
@signed_in
@writes
def close(run_id: int) -> Response:
    """Take no more answers."""
    run = _hosted(run_id, to_change=True)
    services.close(run=run, actor=current_person())
    flash("练习已结束，各人还能看到自己的结果。")
    return _to_results(run)


@bp.post("/runs/<int:run_id>/reopen")
@signed_in
@writes
def reopen(run_id: int) -> Response:
    """Take answers again."""
    run = _hosted(run_id, to_change=True)
    services.reopen(run=run, actor=current_person())
    flash("练习又打开了。")
    return _to_results(run)
