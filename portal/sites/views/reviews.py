"""The review calendar: what is due, soonest first; and the reviews of one site."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.messages.services import Told
from portal.people.access import allowed, current_reader, signed_in
from portal.people.policies import scope
from portal.sites import policies, queries, review_queries, telling
from portal.sites.reviews import NOTICE, days_words
from portal.sites.states import Move, may_follow
from portal.sites.views.blueprint import bp, kept
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/reviews")
@allowed(policies.may_watch_reviews)
def reviews() -> Response:
    """What is due within ninety days in the reader's own part, the office's with the next step."""
    reader = current_reader()
    found = review_queries.page_of_due(reader, asked_number("page") or 1)
    today = clock.today()
    return render(
        "sites/reviews.html",
        block="results",
        found=found,
        days={row.id: days_words(row.review_due_on, today) for row in found.rows},
        steps={
            row.id: [move for move in _STEPS if may_follow(row.state, move)] for row in found.rows
        },
        decides=policies.may_decide_somewhere(reader),
        notice=NOTICE.days,
    )


@bp.get("/reviews/due")
@allowed(policies.may_watch_reviews)
def reviews_due() -> Response:
    """The first of what is due; homes ask for it once they are there."""
    found = review_queries.due_for(current_reader(), limit=_ON_A_HOME)
    today = clock.today()
    days = {row.id: days_words(row.review_due_on, today) for row in found}
    return render("sites/due.html", block="due", found=found, days=days)


@bp.post("/reviews/remind")
@allowed(policies.may_decide_somewhere)
@writes
def remind() -> Response:
    """Tell the keepers of what is due in the office's part of the tree, each thing once."""
    told = Told()
    for office in scope(current_reader(), policies.OFFICE):
        told += telling.remind_of_reviews(organisation_path=office.path)
    flash(told.words or "都已经提醒过了，没有重复发送。")
    return redirect(url_for("sites.reviews"))


_ON_A_HOME = 3
_STEPS = (Move.REVIEW, Move.APPROVE, Move.RECTIFY, Move.DELIST)


@bp.get("/<int:site_id>/reviews")
@signed_in
def site_reviews(site_id: int) -> Response:
    """The reviews that were done of one site, the latest first."""
    site = kept(site_id)
    return render("sites/site_reviews.html", site=site, done=queries.reviews_of(site))
