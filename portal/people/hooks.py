"""Where the rooms above take part in people and organisations, without people knowing them.

Imports run down the house: sign-ups and attendance register here what they show of somebody,
events what they keep under the name of an organisation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from portal.people.models import Organisation, Person
from portal.people.readers import Somebody


@dataclass(frozen=True)
class PersonPanel:
    """A part of a person's page: a template, and what it needs for this person and reader.

    `context` returns None when the reader is not shown the panel; it is asked only for
    readers who may see the person.
    """

    template: str
    context: Callable[[Person, Somebody], Mapping[str, object] | None]


# Told, in the same transaction, of organisations that are new, or bear another name now.
NamesChanged = Callable[[Sequence[Organisation]], None]

# How much the person behind an account (its id is given) has not read yet; asked within the
# statement that loads the reader, so that no page asks for it alone.
Unread = Callable[[ColumnElement[int]], ColumnElement[int]]

person_panels: list[PersonPanel] = []
names_changed: list[NamesChanged] = []
unread: list[Unread] = []
