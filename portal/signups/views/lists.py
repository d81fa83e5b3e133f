"""The host's list: who comes, who waits, who withdrew, and how it came about."""

from collections.abc import Collection, Mapping

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.paging import page_of
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.policies import HOSTS, scope
from portal.people.queries import person as person_with_memberships
from portal.signups import policies, queries, services
from portal.signups.errors import SignupRefusedError
from portal.signups.forms import RemoveForm
from portal.signups.models import Signup, SignupStatus
from portal.signups.rules import in_words
from portal.signups.views.blueprint import bp, managed
from portal.web.forms import trimmed
from portal.web.templating import render
from portal.web.transaction import writes

SHOWN = (
    SignupStatus.CONFIRMED,
    SignupStatus.WAITLISTED,
    SignupStatus.PENDING,
    SignupStatus.CANCELLED,
    SignupStatus.DECLINED,
)


@bp.get("")
@signed_in
def index(event_id: int) -> Response:
    """One of the lists, searched and paged; of a session, that of the whole."""
    event = managed(event_id)
    if event.part_of_id is not None:
        return redirect(url_for("signups.index", event_id=event.part_of_id))
    return list_page(event, _shown())


@bp.get("/log")
@signed_in
def log(event_id: int) -> Response:
    """Every move of the list: when, who, from where to where, why, by whom."""
    event = managed(event_id)
    number = request.args.get("page", 1, type=int)
    counts, rules, has_quotas = queries.overview(event.id)
    return render(
        "signups/log.html",
        block="results",
        event=event,
        counts=counts,
        rules=rules,
        words=in_words(event, rules, queries.unit_numbers(event.id) if has_quotas else []),
        moves=page_of(queries.moves(event.id), number),
    )


@bp.post("/promote")
@signed_in
@writes
def promote(event_id: int) -> Response:
    """Move the waiting list up by hand, once sign-up has closed."""
    event = managed(event_id)
    moved = services.promote_by_host(event=event, actor=current_person())
    flash(f"已按报名先后递补 {len(moved)} 人。")
    return redirect(url_for("signups.index", event_id=event.id), code=303)


@bp.get("/<int:signup_id>/remove")
@signed_in
def removing(event_id: int, signup_id: int) -> Response:
    """Ask why before somebody is taken off the list."""
    event, signup = _cancellable(event_id, signup_id)
    if not policies.can_be_cancelled(signup, event, clock.now()):
        raise SignupRefusedError("这条报名已经取消，或者活动已经开始，不能再移出。")
    return _removing(event, signup, RemoveForm(formdata=None), status=200)


@bp.post("/<int:signup_id>/remove")
@signed_in
@writes
def remove(event_id: int, signup_id: int) -> Response:
    """Take somebody off the list, with a reason."""
    actor = current_person()
    event, signup = _cancellable(event_id, signup_id)
    form = RemoveForm()
    if not form.validate():
        return _removing(event, signup, form, status=422)
    services.cancel(event=event, signup=signup, actor=actor, reason=form.reason.data or "")
    flash(f"已取消{signup.person.name}的报名。")
    return redirect(_list_of(event), code=303)


def _cancellable(event_id: int, signup_id: int) -> tuple[Event, Signup]:
    actor = current_person()
    event = event_seen_by(actor, event_id)
    signup = queries.signup(event.id, signup_id)
    memberships = person_with_memberships(signup.person_id).memberships
    is_helper = signup.person_id in queries.helped_among(actor, [signup.person_id])
    require(
        policies.may_cancel(actor, signup, event, memberships, is_helper=is_helper),
        "只有主办方、代报的人和本支部的负责人可以取消别人的报名。",
    )
    return event, signup


def _removing(event: Event, signup: Signup, form: RemoveForm, *, status: int) -> Response:
    return render(
        "signups/remove.html",
        status=status,
        event=event,
        signup=signup,
        form=form,
        back=_list_of(event),
    )


def _list_of(event: Event) -> str:
    """Return where whoever removes came from: the host's list, the own people, the family."""
    reader = current_reader()
    if policies.may_manage(reader, event):
        return url_for("signups.index", event_id=event.id)
    others = policies.may_sign_up_others(reader)
    return url_for("signups.add" if others else "signups.family", event_id=event.id)


def list_page(
    event: Event,
    shown: SignupStatus,
    *,
    refusal: str = "",
    ticked: Collection[int] = (),
    reason: str = "",
    status: int = 200,
) -> Response:
    """Show one of the lists; what was ticked and typed comes back with a refusal."""
    now = clock.now()
    typed = (trimmed(request.args.get("q")) or "")[:60]
    page = page_of(queries.listed(event.id, shown, typed), request.args.get("page", 1, type=int))
    line = queries.line(event)
    details = queries.details(page.rows)
    return render(
        "signups/index.html",
        block="results",
        status=status,
        event=event,
        shown=shown,
        typed=typed,
        counts=line.counts,
        rules=line.rules,
        units=line.units,
        floors_end_at=line.rules.floors_end_at(event),
        whys=line.whys(event, now),
        full=line.full(line.counts, event.capacity),
        signups=page,
        details=details,
        linked=_within_reach(details),
        cancellable={
            signup.id for signup in page.rows if policies.can_be_cancelled(signup, event, now)
        },
        moved_up=queries.moved_up_lately(event.id),
        closes_at=policies.closes_at(event),
        takes_signups=policies.takes_signups(event, now),
        takes_walk_ins=policies.takes_walk_ins(event, now),
        may_decide=policies.may_be_moved_up(event, now),
        could_move_up=_could_move_up(event, line),
        refusal=refusal,
        ticked=set(ticked),
        reason=reason,
    )


def _within_reach(details: Mapping[int, queries.Detail]) -> set[int]:
    """Return the sign-ups of people whose own page the reader may open."""
    roots = [root.path for root in scope(current_reader(), HOSTS)]
    return {
        signup_id
        for signup_id, detail in details.items()
        if any(detail.unit_path.startswith(root) for root in roots)
    }


def _shown() -> SignupStatus:
    asked = request.args.get("show", "")
    return next((status for status in SHOWN if status.value == asked), SHOWN[0])


def _could_move_up(event: Event, line: queries.Line) -> int:
    """Return how many would get a place if the host moved the list up now."""
    now = clock.now()
    if policies.moves_up_by_itself(event, now) or not policies.may_be_moved_up(event, now):
        return 0
    return line.could_move_up(event, now)
