"""Everything about the reader: sign-ups, attendance, and what the portal keeps."""

import json

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import NotFoundError
from portal.home import outlook, own_data, queries
from portal.home.views.blueprint import bp
from portal.people.access import current_reader, signed_in
from portal.people.models import MembershipKind
from portal.signups import queries as signups
from portal.web.templating import render

_PAST = 30


@bp.get("/me")
@signed_in
def me() -> Response:
    """My sign-ups, coming and past."""
    reader = current_reader()
    mine = queries.appointments(reader)
    return render(
        "home/me.html",
        mine=[one for one in mine if not one.is_unanswered],
        invitations=[one for one in mine if one.is_unanswered and not one.is_off],
        past=signups.my_signups(reader, upcoming=False, limit=_PAST),
    )


@bp.get("/me/attendance")
@signed_in
def attendance() -> Response:
    """My attendance, a year at a time; counted, never compared."""
    rows = queries.attended(current_reader())
    years = sorted({row.year for row in rows} | {clock.today().year}, reverse=True)
    year = request.args.get("year", years[0], type=int)
    if year not in years:
        raise NotFoundError("这一年没有您的参加记录。")
    of_year = [row for row in rows if row.year == year]
    return render(
        "home/attendance.html",
        rows=of_year,
        years=years,
        year=year,
        numbers=outlook.own_numbers(of_year),
    )


@bp.get("/me/data")
@signed_in
def data() -> Response:
    """What the portal keeps of me, who sees it, how it is put right."""
    person = queries.whole_person(current_reader())
    today = clock.today()
    held = [one for one in person.memberships if one.is_open_on(today)]
    branch = next((one.organisation for one in held if one.kind is MembershipKind.PRIMARY), None)
    seen_by, secretaries = queries.around(branch) if branch else ([], [])
    return render(
        "home/data.html",
        person=person,
        account=current_user.signed_in,
        memberships=held,
        posts=[post for post in person.posts if post.valid_to is None or post.valid_to >= today],
        branch=branch,
        entries=queries.exercise_entries_of(person),
        visits=queries.visits_asked_by(person),
        seen_by=seen_by,
        secretaries=secretaries,
    )


@bp.get("/me/data.json")
@signed_in
def download() -> Response:
    """All of it as a file that other software can read."""
    person = queries.whole_person(current_reader())
    kept = own_data.of(person, current_user.account)
    response = Response(json.dumps(kept, ensure_ascii=False, indent=2), mimetype="application/json")
    name = f"my-data-{clock.today():%Y%m%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
