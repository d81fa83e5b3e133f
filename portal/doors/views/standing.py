"""Tokens of doors that stand: for the system administrator, who sees no roster by them."""

from datetime import datetime, time, timedelta

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.doors import queries, services
from portal.doors.forms import StandingTokenForm
from portal.doors.policies import may_keep_standing_doors
from portal.doors.views.blueprint import standing_bp
from portal.errors import InvalidInputError
from portal.paging import page_of
from portal.people import queries as people
from portal.people.access import allowed, current_person
from portal.web.templating import render
from portal.web.transaction import writes

_LASTS = timedelta(days=90)


@standing_bp.get("/")
@allowed(may_keep_standing_doors)
def index() -> Response:
    """Which doors stand where."""
    ends_on = clock.today() + _LASTS
    expires_at = clock.from_local(datetime.combine(ends_on, time(23, 59)))
    return _page(StandingTokenForm(data={"expires_at": expires_at}))


@standing_bp.post("/")
@allowed(may_keep_standing_doors)
@writes
def make() -> Response:
    """Make a token for an organisation's events; its text is in this answer and nowhere else."""
    form = StandingTokenForm()
    form.offer(people.organisations())
    expires_at = form.expires_at.data
    if not form.validate() or expires_at is None:
        return _page(form, status=422)
    try:
        made, text = services.make_token(
            name=form.name.data or "",
            about=people.organisation(int(form.organisation.data)),
            may_read=False,
            may_write=True,
            expires_at=expires_at,
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, status=422)
    return render(
        "doors/made.html",
        token=made,
        text=text,
        event=None,
        back=url_for("door_tokens.index"),
        address=url_for("door_api.check_in", event_id=1, _external=True),
        roster="",
    )


@standing_bp.post("/<int:standing_id>/revoke")
@allowed(may_keep_standing_doors)
@writes
def revoke(standing_id: int) -> Response:
    """Take a token back: the door is refused from now on."""
    token = queries.token(standing_id, event_id=None)
    services.revoke_token(token=token, actor=current_person())
    flash(f"“{token.name}”的令牌已停用。")
    return redirect(url_for("door_tokens.index"))


def _page(form: StandingTokenForm, *, status: int = 200) -> Response:
    form.offer(people.organisations())
    return render(
        "doors/standing.html",
        form=form,
        listed=page_of(queries.standing_tokens(), request.args.get("page", 1, type=int)),
        status=status,
    )
