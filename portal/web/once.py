"""`{% once a, b %} … {% endonce %}`: a part of a page that is put into words once for what it says.

The part may look at nothing but the values that its tag names (and at what never changes); each
process keeps the last used. Values are told apart as a dictionary does: what is told
(`portal.told`) by what it is, plain values by what they say. Where one of them is an entity of a
session, which may change, the part is put into words each time.

What is the reader's own is never kept: the token of forms is left open and filled in.

`is_checked` (the tests set it) puts every part into words all the same and compares it with what
was kept: a part that looks at more than it names raises LooksAtMoreError.
"""

import itertools
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from flask import Flask
from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup
from sqlalchemy.orm import object_session

from portal.database import Base

# Stands where a reader's own token belongs. Data never look like this: their "<" is escaped.
TOKEN = Markup("<csrf-token>")
MOST_KEPT = 4_000
_unnamed = itertools.count()
_is_made: ContextVar[bool] = ContextVar("part_is_made", default=False)


class LooksAtMoreError(RuntimeError):
    """A part says something else for the same values."""


def is_made() -> bool:
    """Return whether a part that is kept is being put into words: nobody's own belongs in it."""
    return _is_made.get()


class Once(Extension):
    """The tag, and what an application keeps of its parts."""

    tags = {"once"}

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.is_checked = False
        # Each part has a list that is empty until it is made: text between the open tokens.
        self._kept: Callable[[str, tuple[Any, ...]], list[str]]
        self._kept = lru_cache(maxsize=MOST_KEPT)(lambda _place, _values: [])

    def parse(self, parser: Parser) -> nodes.Node:
        """Read the values and the part, which is called only where it is not kept."""
        line = next(parser.stream).lineno
        values = [parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            values.append(parser.parse_expression())
        part = parser.parse_statements(("name:endonce",), drop_needle=True)
        # A template made of a string has no name: none is like another.
        place = nodes.Const(f"{parser.name or next(_unnamed)}:{line}")
        call = self.call_method("_part", [place, nodes.Tuple(values, "load")])
        return nodes.CallBlock(call, [], [], part).set_lineno(line)

    def _part(self, place: str, values: tuple[Any, ...], caller: Callable[[], str]) -> Markup:
        if any(isinstance(one, Base) and object_session(one) is not None for one in values):
            return Markup(caller())  # noqa: S704
        pieces = self._kept(place, values)
        if not pieces or self.is_checked:
            made = _open(caller)
            if pieces and pieces != made:
                raise LooksAtMoreError(f"{place}: {pieces} became {made} for {values}")
            pieces[:] = made
        if len(pieces) == 1:
            return Markup(pieces[0])  # noqa: S704
        token: Callable[[], str] = self.environment.globals["csrf_token"]  # type: ignore[assignment]
        return Markup(token().join(pieces))  # noqa: S704


def _open(caller: Callable[[], str]) -> list[str]:
    """Put a part into words with the tokens left open; return what stands between them."""
    before = _is_made.set(True)
    try:
        return str(caller()).split(TOKEN)
    finally:
        _is_made.reset(before)


def init_app(app: Flask) -> None:
    """Teach the templates the tag."""
    app.jinja_env.add_extension(Once)
