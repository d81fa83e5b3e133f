"""Readers as parameters: conditions that name one are built once, not at every page.

What a reader may see depends on who it is and on where the duties lie. A statement takes both as
parameters and is built for each *number* of duties; see docs/performance.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, String, bindparam

from portal.people.readers import Somebody, Somewhere


@dataclass(frozen=True)
class _Reader:
    """Stands for whoever asks."""

    id: Any = field(default_factory=lambda: bindparam("reader_id", type_=Integer))


@dataclass(frozen=True)
class _Root:
    """Stands for an organisation over which the reader has a duty."""

    path: Any


@lru_cache(maxsize=1)
def reader() -> Any:
    """Return what stands for a Person: its `id` is a parameter."""
    return _Reader()


@lru_cache(maxsize=64)
def roots(number: int, name: str = "root") -> Any:
    """Return what stands for so many organisations: their `path`s are parameters.

    A statement that asks for duties of two kinds gives each a `name`.
    """
    return [_Root(bindparam(f"{name}_{at}", type_=String)) for at in range(number)]


def values(person: Somebody, of: Sequence[Somewhere], name: str = "root") -> dict[str, Any]:
    """Return the parameters of a statement that was built with `reader()` and `roots(len(of))`."""
    return {"reader_id": person.id, **{f"{name}_{at}": root.path for at, root in enumerate(of)}}
