"""Exempt from organisation life (条例 art. 23), and due again."""

from flask import flash
from werkzeug.wrappers import Response

from portal.people import directory_queries
from portal.people.access import current_person, signed_in
from portal.people.models import ExemptReason
from portal.people.person_forms import ExemptionForm
from portal.people.services import exemptions
from portal.people.views.blueprint import bp
from portal.people.views.persons import OTHERS_KEEP
from portal.people.views.sight import kept
from portal.people.views.steps import Step, shown, taken, to_person
from portal.web.transaction import writes

_EXEMPTING = Step(
    "免予参加组织生活",
    "年老体弱、行动不便的党员可以不要求参加组织生活（条例第二十三条）。标记以后不计入应到，"
    "本人愿意来随时欢迎。",
    "标记",
)


@bp.get("/people/<int:person_id>/exemption")
@signed_in
def exemption(person_id: int) -> Response:
    """Why and since when."""
    person = kept(directory_queries.person(person_id), OTHERS_KEEP)
    form = ExemptionForm()
    form.dated_today("since")
    return shown(person, form, _EXEMPTING)


@bp.post("/people/<int:person_id>/exemption")
@signed_in
@writes
def exempt(person_id: int) -> Response:
    """Exempt a member from organisation life."""
    person = kept(directory_queries.person_to_change(person_id), OTHERS_KEEP)
    form = ExemptionForm()

    def act() -> str:
        exemptions.set_exemption(
            person=person,
            reason=ExemptReason(form.reason.data),
            since=form.since.data,
            until=form.until.data,
            actor=current_person(),
        )
        return "已标记：免予参加组织生活，以后不计入应到。"

    return taken(person, form, _EXEMPTING, act)


@bp.post("/people/<int:person_id>/exemption/lift")
@signed_in
@writes
def lift_exemption(person_id: int) -> Response:
    """Let a member be due again."""
    person = kept(directory_queries.person_to_change(person_id), OTHERS_KEEP)
    exemptions.lift_exemption(person=person, actor=current_person())
    flash("已取消免予参加的标记，以后计入应到。")
    return to_person(person)
