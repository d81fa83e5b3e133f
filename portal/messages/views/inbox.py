"""The inbox: what somebody was told, and what they want to be told."""

import logging

from flask import flash, redirect, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from portal.errors import NotFoundError
from portal.messages import policies, queries, services
from portal.messages.forms import KindsForm
from portal.messages.models import MessageKind
from portal.messages.views.blueprint import bp
from portal.people.access import current_person, current_reader, signed_in
from portal.people.session import nothing_more_unread, one_less_unread
from portal.web.addresses import path_here
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

log = logging.getLogger(__name__)


@bp.get("/")
@signed_in
def index() -> Response:
    """What I was told: the unread first, one kind of it if so asked."""
    reader = current_reader()
    asked = request.args.get("kind", "")
    kind = MessageKind(asked) if asked in set(MessageKind) else None
    return render(
        "messages/index.html",
        block="results",
        found=queries.page_of_inbox(reader, asked_number("page") or 1, kind),
        kind=kind,
        kinds=list(MessageKind),
    )


@bp.get("/<int:message_id>")
@signed_in
def show(message_id: int) -> Response:
    """One message; opening it is reading it."""
    reader = current_reader()
    message = queries.message(message_id)
    if not policies.may_read(reader, message):
        raise NotFoundError("没有找到这条消息，可能已经过期清除。")
    if message.read_at is None:
        try:
            services.mark_read(message=message)
        except OperationalError:
            log.info("message not marked as read, it will be next time")
        else:
            one_less_unread()
    link = path_here(message.link) if message.link else ""
    return render("messages/show.html", message=message, link=link)


@bp.post("/read")
@signed_in
@writes
def read_all() -> Response:
    """I have read everything."""
    count = services.mark_all_read(actor=current_person())
    nothing_more_unread()
    flash(f"{count} 条消息已标为已读。" if count else "没有未读的消息。")
    return redirect(url_for("messages.index"))


@bp.route("/settings", methods=["GET", "POST"])
@signed_in
@writes
def settings() -> Response:
    """Which kinds of messages I want: all of them, unless I say otherwise."""
    reader = current_reader()
    wanted = [kind.value for kind in MessageKind if kind not in queries.silenced(reader)]
    form = KindsForm(data={"wanted": wanted})
    form.offer()
    if form.validate_on_submit():
        chosen = [MessageKind(value) for value in form.wanted.data or []]
        services.choose(wanted=chosen, actor=current_person())
        flash("已保存，以后按您的选择发消息。")
        return redirect(url_for("messages.index"))
    return render(
        "messages/settings.html",
        form=form,
        kinds=list(MessageKind),
        status=422 if form.is_submitted() else 200,
    )
