"""Proving a certificate: for anybody who holds one, without an account."""

from flask import request
from werkzeug.wrappers import Response

from portal.hours import limits, queries, services
from portal.hours.services.certifying import CODE_LENGTH
from portal.hours.views.blueprint import bp
from portal.people.access import public
from portal.web.templating import render

_LONGEST = 40


@bp.get("/hours/check")
@public
def check() -> Response:
    """Whether a code is one of ours: then the first character of the name, year and hours."""
    typed = request.args.get("code", "")[:_LONGEST]
    if not typed:
        return render("hours/check.html", typed="", found=None, wait=0)
    wait = limits.wait_of(request.remote_addr or "")
    if wait:
        response = render("hours/check.html", typed=typed, found=None, wait=wait, status=429)
        response.headers["Retry-After"] = str(wait)
        return response
    code = services.written_code(typed)
    found = queries.checked(code) if len(code) == CODE_LENGTH else None
    return render(
        "hours/check.html", typed=typed, found=found, wait=0, status=200 if found else 404
    )
