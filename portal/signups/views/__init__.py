"""Pages of sign-ups, by page family; all hang on the blueprint `signups`."""

from portal.signups.views import (
    adding,
    deciding,
    door,
    family,
    invited,
    kin,
    lists,
    mine,
    questions,
    ruling,
    written,
)
from portal.signups.views.blueprint import bp
from portal.signups.views.kin import helpers as helpers_bp

__all__ = [
    "adding",
    "bp",
    "deciding",
    "door",
    "family",
    "helpers_bp",
    "invited",
    "kin",
    "lists",
    "mine",
    "questions",
    "ruling",
    "written",
]
