"""The list of people within the reader's part of the tree."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from flask import request
from werkzeug.wrappers import Response

from portal.paging import page_of
from portal.people import directory_queries, policies, queries
from portal.people.access import allowed, current_reader
from portal.people.directory_queries import FEWEST_DIGITS, Order, Standing, Wanted
from portal.people.fields import tidy
from portal.people.models import Organisation
from portal.people.person_forms import choices_of
from portal.people.views.blueprint import bp
from portal.web.templating import render

LONGEST_SEARCH = 60
Choice = TypeVar("Choice", bound=StrEnum)


@bp.get("/people/")
@allowed(policies.may_list_people)
def index() -> Response:
    """Find people by name, pinyin, initials or the end of a phone; filters are in the address."""
    reader = current_reader()
    roots = policies.scope(reader, policies.HOSTS)
    organisations = queries.organisations(roots)
    chosen = _chosen(organisations)
    typed = (tidy(request.args.get("q", "")) or "")[:LONGEST_SEARCH]
    wanted = Wanted(
        typed=typed,
        standing=_choice(Standing, "kind"),
        order=_choice(Order, "order") or Order.STROKE,
    )
    people = directory_queries.people_within([chosen] if chosen else roots, wanted)
    return render(
        "people/index.html",
        block="results",
        people=page_of(people, request.args.get("page", 1, type=int)),
        wanted=wanted,
        chosen=chosen,
        organisations=choices_of(organisations),
        standings=list(Standing),
        orders=list(Order),
        needs_more_digits=typed.isdigit() and len(typed) < FEWEST_DIGITS,
        may_import=policies.may_import_people(reader),
    )


def _chosen(organisations: Sequence[Organisation]) -> Organisation | None:
    """Return the organisation of the filter; one outside the reader's part is no filter."""
    wanted = request.args.get("org", type=int)
    return next((one for one in organisations if one.id == wanted), None)


def _choice(choices: type[Choice], name: str) -> Choice | None:
    """Return the member that the address names; anything else is no filter."""
    try:
        return choices(request.args.get(name, ""))
    except ValueError:
        return None
