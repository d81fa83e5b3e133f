"""Where the rooms above say who may read what they attach, and where it is used.

A room that attaches materials (events, lessons, sites) appends to both lists in its `init_app`,
keeps a foreign key without ON DELETE to `material.id`, and nothing that it uses is ever removed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from portal.people.readers import Somebody

# Ids of the materials that the room shows this person, whatever the library says. It becomes
# a part of one statement: no query is sent by it.
ReadableTo = Callable[[Somebody], Select[int]]


@dataclass(frozen=True)
class Use:
    """One thing that uses a material, as the material's page lists it."""

    label: str
    title: str
    address: str


# Where the material of this id is used, as far as this person may know.
UsesOf = Callable[[int, Somebody], Sequence[Use]]


@dataclass(frozen=True, eq=False)
class Using:
    """A room that uses materials: the column that names them, and how it tells of its uses.

    The page of a material asks all columns at once, and then only the rooms that use it.
    """

    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
    uses_of: UsesOf


# Whether somebody who keeps no library brings files to what the room keeps. Asked of those who
# go on with an upload: whose duty has ended meanwhile adds nothing more.
Brings = Callable[[Somebody], bool]

brings: list[Brings] = []
readable: list[ReadableTo] = []
uses: list[Using] = []
