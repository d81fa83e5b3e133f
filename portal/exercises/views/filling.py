"""One's own way through an exercise: type, type again, compare, read back, hand in, see."""

from collections.abc import Callable, Mapping

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import ForbiddenError
from portal.exercises import judging, policies, queries, services
from portal.exercises.forms import read
from portal.exercises.models import ExerciseEntry, ExerciseRun, Round, Stage
from portal.exercises.services.filling import StageError, differing_fields
from portal.exercises.views.blueprint import bp
from portal.people.access import current_person, current_reader, require, signed_in
from portal.web.templating import render
from portal.web.transaction import writes

_NOT_MEANT = "这份练习给报名参加这次活动的人用。您没有报名，也不在名册上。"
_OVER = "练习已经结束，内容到期已删除。"


def _mine(run_id: int, *, to_fill: bool) -> ExerciseRun:
    """Return a run that the reader may fill in, or whose own result the reader may see."""
    reader = current_reader()
    run = queries.run_seen_by(reader, run_id)
    takes_part = queries.takes_part(run.event_id, reader)
    require(takes_part, _NOT_MEANT)
    may = policies.may_fill_in if to_fill else policies.may_see_own
    if not may(reader, run, clock.today(), takes_part=takes_part):
        raise ForbiddenError(_OVER if run.is_over_on(clock.today()) else "练习已经结束。")
    return run


@bp.get("/runs/<int:run_id>")
@signed_in
def fill(run_id: int) -> Response:
    """Where I am with the exercise: the next step, or my result."""
    run = _mine(run_id, to_fill=False)
    entry = queries.find_entry(run, current_reader())
    return _page(run, entry)


@bp.post("/runs/<int:run_id>/entry")
@signed_in
@writes
def enter(run_id: int) -> Response:
    """Keep the first typing, or the second."""
    return _typed(run_id, _enter)


def _enter(run: ExerciseRun, values: Mapping[int, str], seen: Stage) -> str:
    services.enter(run=run, values=values, seen=seen, actor=current_person())
    return "第一遍已保存。" if seen is Stage.FIRST else "第二遍已保存。"


@bp.post("/runs/<int:run_id>/differences")
@signed_in
@writes
def settle(run_id: int) -> Response:
    """Keep what is right where the two typings differ."""
    return _typed(run_id, _settle)


def _settle(run: ExerciseRun, values: Mapping[int, str], seen: Stage) -> str:
    services.settle_differences(run=run, values=values, seen=seen, actor=current_person())
    return "已核对，请从头读一遍。"


@bp.post("/runs/<int:run_id>/back")
@signed_in
@writes
def back(run_id: int) -> Response:
    """Go back from reading to write once more."""
    run = _mine(run_id, to_fill=True)
    try:
        services.correct(run=run, values=None, seen=_seen(), actor=current_person())
    except StageError as error:
        return _again(run, error)
    return redirect(url_for("exercises.fill", run_id=run.id))


@bp.post("/runs/<int:run_id>/correction")
@signed_in
@writes
def correct(run_id: int) -> Response:
    """Keep what was written after reading, and read again."""
    return _typed(run_id, _correct)


def _correct(run: ExerciseRun, values: Mapping[int, str], seen: Stage) -> str:
    services.correct(run=run, values=values, seen=seen, actor=current_person())
    return "已修改，请再读一遍。"


@bp.post("/runs/<int:run_id>/hand-in")
@signed_in
@writes
def hand_in(run_id: int) -> Response:
    """Hand in what was read back."""
    run = _mine(run_id, to_fill=True)
    try:
        services.hand_in(run=run, seen=_seen(), actor=current_person())
    except StageError as error:
        return _again(run, error)
    return redirect(url_for("exercises.fill", run_id=run.id))


def _typed(run_id: int, step: Callable[[ExerciseRun, Mapping[int, str], Stage], str]) -> Response:
    """Read what was typed and take a step with it; what can be no answer comes back."""
    run = _mine(run_id, to_fill=True)
    entry = queries.find_entry(run, current_reader())
    fields = run.edition.fields
    if _seen() is Stage.DIFFERENCES and entry is not None:
        differing = differing_fields(run, entry)
        fields = [field for field in fields if field.id in differing]
    values, faults = read(fields, request.form)
    if faults:
        return _page(run, entry, typed=values, faults=faults, status=422)
    try:
        flash(step(run, values, _seen()))
    except StageError as error:
        return _again(run, error)
    return redirect(url_for("exercises.fill", run_id=run.id))


def _seen() -> Stage:
    """Return the stage that the reader's page was of."""
    typed = request.form.get("stage", "")
    return Stage(typed) if typed in set(Stage) else Stage.FIRST


def _again(run: ExerciseRun, error: StageError) -> Response:
    """The step was taken already: show where things stand."""
    entry = queries.find_entry(run, current_reader())
    return _page(run, entry, refusal=error.message, status=409)


def _page(
    run: ExerciseRun,
    entry: ExerciseEntry | None,
    *,
    typed: Mapping[int, str] | None = None,
    faults: Mapping[int, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    stage = entry.stage if entry is not None else Stage.FIRST
    final = queries.values(entry, Round.FINAL)
    differing = differing_fields(run, entry) if entry and stage is Stage.DIFFERENCES else set()
    verdicts = {}
    if stage is Stage.HANDED_IN:
        verdicts = {
            field.id: judging.judge(field.kind, final.get(field.id, ""), field.answer)
            for field in run.edition.fields
        }
    first, second = queries.values(entry, Round.FIRST), queries.values(entry, Round.SECOND)
    comparisons = {
        field.id: judging.pieces_of(first.get(field.id, ""), second.get(field.id, ""))
        for field in run.edition.fields
        if field.id in differing and not field.kind.has_options
    }
    shown = typed if typed is not None else final if stage is Stage.CORRECTING else {}
    return render(
        "exercises/fill.html",
        run=run,
        entry=entry,
        stage=stage,
        values=shown,
        final=final,
        first=first,
        second=second,
        differing=differing,
        comparisons=comparisons,
        verdicts=verdicts,
        right=sum(1 for verdict in verdicts.values() if verdict.is_right),
        faults=faults or {},
        refusal=refusal,
        is_open=run.is_open_on(clock.today()),
        status=status,
    )
