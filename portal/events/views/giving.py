"""Giving a lesson once more."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.events import giving, policies
from portal.events.views.blueprint import bp
from portal.lessons import policies as lesson_policies
from portal.lessons import queries as lessons
from portal.people import queries as people
from portal.people.access import current_person, require, signed_in
from portal.people.policies import HOSTS, scope
from portal.web.transaction import writes


@bp.post("/from-lesson/<int:lesson_id>")
@signed_in
@writes
def give(lesson_id: int) -> Response:
    """Make a draft of a lesson's giving, and open it to set the date and publish."""
    actor = current_person()
    lesson = lessons.lesson_seen_by(actor, lesson_id)
    require(lesson_policies.may_write(actor), "只有书记、记录人和上级组织可以安排活动。")
    host = lesson.organisation
    if not policies.may_host_for(actor, host):
        # The lesson of another part of the tree is given by one's own.
        host = next(iter(people.organisations(scope(actor, HOSTS))), host)
    require(policies.may_host_for(actor, host))
    event = giving.give(lesson=lesson, host=host, actor=actor)
    flash("已按这堂课写好一份活动草稿。请定下日期和地点，再发布。")
    return redirect(url_for("events.edit", event_id=event.id))
