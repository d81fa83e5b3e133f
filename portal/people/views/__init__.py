"""Pages of the people room, by page family; all hang on the blueprint `people`."""

from portal.people.views import (
    care,
    directory,
    imports,
    organisations,
    passwords,
    persons,
    relations,
    signing_in,
)
from portal.people.views.blueprint import bp

__all__ = [
    "bp",
    "care",
    "directory",
    "imports",
    "organisations",
    "passwords",
    "persons",
    "relations",
    "signing_in",
]
