"""Where coverage looks away.

While coverage is measured every line of Python is traced, the libraries' too, and of a hundred
lines one is the portal's. So the tracer rests where only a library works, and in tests that
show no line of the portal which others do not show as well:

- twins on PostgreSQL of a test that runs on SQLite;
- tests in Chromium: the portal they ask is another process;
- tests marked `untraced`.

What lies in between, a column's type or a new connection, is measured a little less often than
it runs: the figure may only be too low.
"""

import functools
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

import pytest
from jinja2 import Environment
from sqlalchemy import Connection, Result, ScalarResult
from sqlalchemy.orm import Session
from werkzeug.routing import Map

P = ParamSpec("P")
R = TypeVar("R")

_ROWS = ("all", "first", "one", "one_or_none")
# Calls in which a library works long and comes back to the portal for next to nothing.
RESTS = {
    Connection: ("execute", "scalar", "scalars"),
    Environment: ("compile",),
    Map: ("add",),
    Result: (*_ROWS, "scalar", "scalar_one", "scalar_one_or_none"),
    ScalarResult: _ROWS,
    Session: ("execute", "expire_all", "flush", "get", "refresh", "scalar", "scalars"),
}


@contextmanager
def untraced() -> Iterator[None]:
    """Let the tracer rest until the block ends, in this thread and in those it starts."""
    here, there = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        threading.settrace(there)
        sys.settrace(here)


def _resting(call: Callable[P, R]) -> Callable[P, R]:
    """Return the call during which the tracer of its thread rests."""

    @functools.wraps(call)
    def rested(*words: P.args, **named: P.kwargs) -> R:
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            return call(*words, **named)
        finally:
            sys.settrace(tracer)

    return rested


def rest_in_libraries() -> None:
    """Let the tracer rest in what `RESTS`, from now on."""
    for owner, names in RESTS.items():
        for name in names:
            setattr(owner, name, _resting(getattr(owner, name)))


def shows_nothing_new(item: pytest.Item) -> bool:
    """Return whether other tests show each line of the portal that this one shows."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    if parameters.get("any_database") == "postgresql":
        return True
    return any(item.get_closest_marker(name) for name in ("browser", "untraced"))
