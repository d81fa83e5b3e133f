"""Pages of the people room, by page family; all hang on the blueprint `people`."""

from portal.people.views import (
    care,
    directory,
    entering,
    exemptions,
    imports,
    organisations,
    passwords,
    persons,
    posts,
    relations,
    signing_in,
    tree_changes,
)
from portal.people.views.blueprint import bp

__all__ = [
    "bp",
    "care",
    "directory",
    "entering",
    "exemptions",
    "imports",
    "organisations",
    "passwords",
    "persons",
    "posts",
    "relations",
    "signing_in",
    "tree_changes",
]
