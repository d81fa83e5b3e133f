"""Pages of an event's seats: the plan and who sits where, and what is printed of it."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import ConflictError, InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_seen_by, event_to_change
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.readers import Somebody
from portal.seating import policies, queries, services
from portal.seating.errors import PlanChangedError
from portal.seating.filling import Manner
from portal.seating.forms import AssignForm, FillForm, PlanForm, VersionForm
from portal.seating.models import PlanKind, SeatPlan
from portal.web.forms import Form
from portal.web.templating import render
from portal.web.transaction import writes

bp = Blueprint("seating", __name__, url_prefix="/events/<int:event_id>/seats")
PRINTED = ("plan", "list", "cards")
ORDERS = ("stroke", "pinyin")
_REFUSAL = "只有主办方可以安排座次。"


@bp.get("")
@signed_in
def index(event_id: int) -> Response:
    """The plan, who sits where, who has no seat yet."""
    reader = current_reader()
    event = _planned(event_seen_by(reader, event_id), reader)
    if event.part_of_id is not None:
        return redirect(url_for("seating.index", event_id=event.part_of_id))
    return _page(event)


@bp.post("")
@signed_in
@writes
def set_plan(event_id: int) -> Response:
    """Make the plan, or change its groups."""
    event, form = _to_change(event_id), PlanForm()
    if not form.validate():
        return _page(event, plan_form=form, status=422)
    try:
        services.set_plan(
            event=event,
            kind=PlanKind(form.kind.data),
            groups=form.wishes(),
            version=form.version.data or 0,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, plan_form=form, status=422)
    except PlanChangedError as error:
        return _page(event, plan_form=form, refusal=error.message, status=409)
    return _saved(event, "已保存。")


@bp.post("/assign")
@signed_in
@writes
def assign(event_id: int) -> Response:
    """Seat the ticked in a group, a row, or exactly there."""
    return _assign(event_id, is_freed=False)


@bp.post("/free")
@signed_in
@writes
def free(event_id: int) -> Response:
    """Take the seats of the ticked back."""
    return _assign(event_id, is_freed=True)


def _assign(event_id: int, *, is_freed: bool) -> Response:
    event, form = _to_change(event_id), AssignForm()
    if not form.validate():
        return _page(event, form=form, status=422)
    people = form.person.data or []
    try:
        if not is_freed and not form.group.data:
            raise InvalidInputError("请选择安排到哪里。", field="group")
        number = services.assign(
            event=event,
            person_ids=people,
            group_id=None if is_freed else form.group.data[0],
            number=None if is_freed else form.number.data,
            version=form.version.data or 0,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(event, form=form, status=422)
    except PlanChangedError as error:
        return _page(event, form=form, refusal=error.message, status=409)
    return _saved(event, f"已取消 {number} 人的安排。" if is_freed else f"已安排 {number} 人。")


@bp.post("/fill")
@signed_in
@writes
def fill(event_id: int) -> Response:
    """Seat all who have no seat yet."""
    event, form = _to_change(event_id), FillForm()
    if not form.validate():
        return _page(event, fill_form=form, status=422)
    try:
        seated, left = services.fill(
            event=event,
            manner=Manner(form.manner.data),
            version=form.version.data or 0,
            actor=current_person(),
        )
    except PlanChangedError as error:
        return _page(event, fill_form=form, refusal=error.message, status=409)
    return _saved(event, f"已安排 {seated} 人。" + (f"还有 {left} 人坐不下。" if left else ""))


@bp.post("/clear")
@signed_in
@writes
def clear(event_id: int) -> Response:
    """Take every seat back."""
    event, version = _version(event_id)
    services.clear(event=event, version=version, actor=current_person())
    return _saved(event, "已清空，各组（排）还在。")


@bp.post("/show")
@signed_in
@writes
def show(event_id: int) -> Response:
    """Let people see where they sit."""
    event, version = _version(event_id)
    services.show(event=event, is_shown=True, version=version, actor=current_person())
    return _saved(event, "已公布：参加的人在活动页和签到凭证页看到自己的座位。")


@bp.post("/hide")
@signed_in
@writes
def hide(event_id: int) -> Response:
    """Let nobody see it yet."""
    event, version = _version(event_id)
    services.show(event=event, is_shown=False, version=version, actor=current_person())
    return _saved(event, "已收回，参加的人暂时看不到。")


@bp.get("/print")
@signed_in
def printed(event_id: int) -> Response:
    """The plan, the list by name, or cards for the tables, on A4."""
    reader = current_reader()
    event = _planned(event_seen_by(reader, event_id), reader)
    what = request.args.get("what", "")
    order = request.args.get("order", "")
    order = order if order in ORDERS else ORDERS[0]
    plan = queries.find_plan(event.id)
    seated = [one for one in queries.people(event, order) if one.group_id is not None]
    names = {group.id: group.name for group in plan.groups} if plan else {}
    return render(
        "seating/print.html",
        event=event,
        what=what if what in PRINTED else PRINTED[0],
        order=order,
        plan=plan,
        names=names,
        sitting=_sitting(seated),
        seated=sorted(
            seated,
            key=lambda one: (
                one.pinyin_key if order == "pinyin" else one.stroke_key,
                one.person_id,
            ),
        ),
    )


def _planned(event: Event, reader: Somebody) -> Event:
    require(policies.may_plan(reader, event), _REFUSAL)
    return event


def _to_change(event_id: int) -> Event:
    actor = current_person()
    event = event_to_change(actor, event_id)
    require(policies.may_plan(actor, event), _REFUSAL)
    if event.part_of_id is not None:
        raise ConflictError("各场用同一份座次，请在整个活动里安排。")
    return event


def _version(event_id: int) -> tuple[Event, int]:
    event, form = _to_change(event_id), VersionForm()
    if not form.validate():
        raise ConflictError("页面已经过时，没有改动。请刷新后再试。")
    return event, form.version.data or 0


def _saved(event: Event, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("seating.index", event_id=event.id), code=303)


def _sitting(people: list[queries.Placed]) -> dict[int, list[queries.Placed]]:
    """Return who sits in which group, by number."""
    found: dict[int, list[queries.Placed]] = {}
    for one in sorted(people, key=lambda one: one.number or 0):
        if one.group_id is not None:
            found.setdefault(one.group_id, []).append(one)
    return found


def _page(
    event: Event,
    *,
    plan_form: PlanForm | None = None,
    form: AssignForm | None = None,
    fill_form: FillForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    """Show the plan as it is now, with what was typed and why it was refused."""

    def later() -> dict[str, Any]:
        plan = queries.find_plan(event.id)
        people = queries.people(event)
        return {
            "plan": plan,
            "plan_form": plan_form or PlanForm(formdata=None, data=_typed(plan)),
            "form": form or AssignForm(formdata=None),
            "fill_form": fill_form or FillForm(formdata=None),
            "ticked": set((form.person.data if form else None) or ()),
            "chosen": ((form.group.data if form else None) or [0])[0],
            "sitting": _sitting(people),
            "without": [one for one in people if one.group_id is None],
            "total": len(people),
            "is_wrong": any(_is_wrong(one) for one in (plan_form, form, fill_form)),
        }

    return render(
        "seating/index.html",
        status=status,
        ask_later=later,
        event=event,
        refusal=refusal,
        may_change=policies.may_change(event),
    )


def _is_wrong(form: Form | None) -> bool:
    return form is not None and bool(form.errors)


def _typed(plan: SeatPlan | None) -> dict[str, Any]:
    """Return the plan as the form writes it."""
    if plan is None:
        return {"version": 0}
    if plan.kind is PlanKind.SEATS:
        sizes = [group.size for group in plan.groups]
        return {"kind": plan.kind.value, "rows": len(sizes), "columns": max(sizes, default=0)}
    lines = "\n".join(f"{group.name}：{group.size}" for group in plan.groups)
    return {"kind": plan.kind.value, "groups": lines}
