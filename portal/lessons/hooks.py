"""Where the rooms above take part in the page of a lesson, without lessons knowing them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.lessons.models import Lesson
from portal.people.readers import Somebody


@dataclass(frozen=True)
class Panel:
    """A part of the lesson's page: a template, and what it needs for this lesson and reader.

    `context` returns None when the reader is not shown the panel; else its keys, and `lesson`,
    are the template's variables. Panels of `region` "main" stand under the text, those of
    "side" beside it.
    """

    template: str
    region: str
    context: Callable[[Lesson, Somebody], Mapping[str, object] | None]


panels: list[Panel] = []
