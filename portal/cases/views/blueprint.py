"""The blueprint of cases, and the ways in."""

from flask import Blueprint

from portal.cases import queries
from portal.cases.models import Case
from portal.people.access import current_reader

bp = Blueprint("cases", __name__, url_prefix="/cases")


def seen(case_id: int, *, to_change: bool = False) -> Case:
    """Return a case that the reader sees; what must not be known is not found."""
    return queries.case_seen_by(current_reader(), case_id, to_change=to_change)
