"""The rules of an event's sign-up: hosts read and set them."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.events.queries import event_to_change
from portal.events.states import Move, may_follow
from portal.people.access import current_person, require, signed_in
from portal.people.models import Organisation
from portal.signups import policies, queries, services
from portal.signups.forms import RulesForm
from portal.signups.rules import Rules, UnitNumbers, in_words
from portal.signups.views.blueprint import bp, managed
from portal.web.templating import render
from portal.web.transaction import writes

_BLANK_ROWS = 3


@bp.get("/rules")
@signed_in
def rules(event_id: int) -> Response:
    """The rules as people read them, and the form that sets them."""
    event = managed(event_id)
    counts, known, has_quotas = queries.overview(event.id)
    units = queries.unit_numbers(event.id) if has_quotas else []
    form = RulesForm(formdata=None, data=_values(known, units))
    return _page(event, form, counts, known, units)


@bp.post("/rules")
@signed_in
@writes
def set_rules(event_id: int) -> Response:
    """Set the rules; the queue follows at once."""
    actor = current_person()
    event = event_to_change(actor, event_id)
    require(policies.may_manage(actor, event), "只有主办方可以设置报名规则。")
    form = RulesForm()
    offered = queries.units_to_choose(event)
    form.offer(offered)
    if form.validate():
        try:
            services.set_rules(
                event=event, rules=form.rules(), units=form.wishes(offered), actor=actor
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("报名规则已保存，报名的人会看到。")
            return redirect(url_for("signups.rules", event_id=event.id), code=303)
    counts, known, has_quotas = queries.overview(event.id)
    units = queries.unit_numbers(event.id) if has_quotas else []
    return _page(event, form, counts, known, units, offered=offered, status=422)


def _values(known: Rules, units: Sequence[UnitNumbers]) -> dict[str, object]:
    rows = [
        {"organisation": str(unit.id), "most": unit.most, "floor": unit.floor} for unit in units
    ]
    return {
        **vars(known),
        "offer_end": known.offer_end.value,
        "units": [*rows, *[{}] * _BLANK_ROWS],
    }


def _page(
    event: Event,
    form: RulesForm,
    counts: queries.Counts,
    known: Rules,
    units: Sequence[UnitNumbers],
    *,
    offered: Sequence[Organisation] | None = None,
    status: int = 200,
) -> Response:
    form.offer(queries.units_to_choose(event) if offered is None else offered)
    return render(
        "signups/rules.html",
        status=status,
        event=event,
        form=form,
        counts=counts,
        rules=known,
        words=in_words(event, known, units),
        may_change=may_follow(event.state, Move.EDIT),
    )
