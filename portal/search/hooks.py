"""Where rooms offer what can be found in one place, without the search page knowing them.

A room registers a `Source` when the portal is set up. Who may see what is decided in the
statement of its own `find`, as on its own pages.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from portal.people.readers import Somebody


class Found(NamedTuple):
    """One thing that was found: its name, what is said of it in one line, and when it is.

    `line` are short texts, shown with points between them; `texts` longer ones, of which the
    place that matched is shown. `state` is a word that is told beside the name (草稿).
    """

    id: int
    title: str
    line: tuple[str, ...] = ()
    at: datetime | None = None
    state: str = ""
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Findings:
    """Some of what was found, and how much there is in all, as far as it was counted."""

    rows: Sequence[Found] = field(default_factory=list)
    total: int = 0


# The reader, what was typed, how many rows, and how many to pass over.
Find = Callable[[Somebody, str, int, int], Findings]


@dataclass(frozen=True)
class Source:
    """A kind of thing that can be found.

    `endpoint` is the page of one such thing, `argument` the name of its id there; `order`
    says where its group stands among the others. `is_for` says whether the reader is offered
    this kind at all; the three administrators are offered none (DOMAIN 3.1).
    """

    kind: str
    label: str
    endpoint: str
    argument: str
    order: int
    is_for: Callable[[Somebody], bool]
    find: Find
    # Each kind costs the page of all kinds a statement: what has a list with words of its own
    # may be looked for only when it is asked for.
    is_among_all: bool = True


sources: list[Source] = []


def offer(source: Source) -> None:
    """Register a kind, once a process."""
    if all(known.kind != source.kind for known in sources):
        sources.append(source)
        sources.sort(key=lambda one: one.order)
