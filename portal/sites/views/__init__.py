"""Pages of demonstration sites, split by page family; all hang on the blueprint `sites`."""

from portal.sites.views import (
    card,
    closures,
    deciding,
    editing,
    lists,
    pictures,
    places,
    reviews,
    scoring,
    showing,
    titles,
)
from portal.sites.views.blueprint import bp

__all__ = [
    "bp",
    "card",
    "closures",
    "deciding",
    "editing",
    "lists",
    "pictures",
    "places",
    "reviews",
    "scoring",
    "showing",
    "titles",
]
