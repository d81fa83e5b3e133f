"""The limits of cases: which holds, since when, by which text."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.cases import policies, queries, services
from portal.cases.forms import LimitForm
from portal.cases.models import Counting, LimitKey
from portal.cases.views.blueprint import bp
from portal.errors import InvalidInputError
from portal.people.access import allowed, current_person, current_reader
from portal.people.models import Role
from portal.people.policies import scope
from portal.people.queries import organisation
from portal.people.readers import Somewhere
from portal.web.templating import render
from portal.web.transaction import writes
from portal.workdays.working_days import unknown_years


@bp.get("/settings")
@allowed(policies.may_follow_all)
def settings() -> Response:
    """The limits that hold for one's part of the tree."""
    return _page(LimitForm(formdata=None, data={"valid_from": clock.today()}))


@bp.post("/settings")
@allowed(policies.may_set_limits)
@writes
def set_limit() -> Response:
    """Lay down a limit from a day on, with the text that it comes from."""
    form = LimitForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        services.set_limit(
            organisation=organisation(_own().id),
            key=LimitKey(form.key.data),
            amount=form.amount.data,
            counting=Counting(form.counting.data),
            valid_from=form.valid_from.data,
            source=form.source.data or "",
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, status=422)
    flash("已保存。新登记的事按新的时限，正在办的不变。")
    return redirect(url_for("cases.settings"), code=303)


def _own() -> Somewhere:
    """Return the reader's office; else the first organisation for which there is a duty."""
    reader = current_reader()
    offices = scope(reader, {Role.OFFICE})
    return (offices or scope(reader, policies.OPENERS))[0]


def _page(form: LimitForm, status: int = 200) -> Response:
    own = _own()
    today = clock.today()
    return render(
        "cases/settings.html",
        own=own,
        limits=queries.limits_for(own),
        written=queries.written_limits(own),
        form=form if policies.may_set_limits(current_reader()) else None,
        uncertain=unknown_years(today, today.replace(month=12, day=31), queries.calendar_since()),
        status=status,
    )
