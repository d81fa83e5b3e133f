"""Where the rooms above add to the page about a person, without people knowing them.

Imports run down the house: sign-ups and attendance register here what they show of somebody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.people.models import Person


@dataclass(frozen=True)
class PersonPanel:
    """A part of a person's page: a template, and what it needs for this person and reader.

    `context` returns None when the reader is not shown the panel; it is asked only for
    readers who may see the person.
    """

    template: str
    context: Callable[[Person, Person], Mapping[str, object] | None]


person_panels: list[PersonPanel] = []
