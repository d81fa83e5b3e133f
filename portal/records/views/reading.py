"""Confirmed minutes for those who were there: a list of them, and each as it is printed."""

from flask import request
from werkzeug.wrappers import Response

from portal.errors import NotFoundError
from portal.people.access import allowed, current_reader, signed_in
from portal.people.policies import is_administrator
from portal.people.readers import Somebody
from portal.records import policies, queries
from portal.records.minutes_of import minutes_of
from portal.records.views.blueprint import bp
from portal.web.templating import render


def _sees_business(person: Somebody) -> bool:
    return not is_administrator(person)


@bp.get("/minutes/")
@allowed(_sees_business)
def own() -> Response:
    """The minutes of the gatherings that the reader belongs to, the latest first."""
    found = queries.readable_records(current_reader(), request.args.get("page", 1, type=int))
    return render("records/own.html", block="results", minutes=found)


@bp.get("/minutes/<int:record_id>")
@signed_in
def read(record_id: int) -> Response:
    """The minutes as they are printed, without why somebody was on leave."""
    reader, record = current_reader(), queries.record(record_id)
    stood = queries.stood(record, reader)
    if not policies.may_read(reader, record, stood):
        raise NotFoundError("没有找到这份纪要：可能还没有确认，或者不对您开放。")
    return render(
        "records/read.html",
        record=record,
        minutes=minutes_of(record, says_why=False),
        may_keep=policies.may_see(reader, record),
    )
