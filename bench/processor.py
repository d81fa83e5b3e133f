"""Measure what a page costs the processor, beside the limit: `python -m bench.processor`.

All in one process, without a server or a network: the machine's other work disturbs processor
time far less than requests a second. The pages are asked in turns, each by many readers, and
the least of many batches is what a page costs when nothing disturbs it. `--profile PAGE` shows
where the time of one page goes; `--only postgresql` asks the same of PostgreSQL (its own
processes are not counted).
"""

import argparse
import importlib
import itertools
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from bench import limit_tables
from bench.__main__ import database
from bench.places import THEMES
from bench.world import TICK_EVENTS, Visitor, World, build
from portal import create_app
from portal.people.access import signed_in
from portal.web.templating import render

EMPTY = "/bench/empty"
_EMPTY_PAGE = '{% extends "base.html" %}{% block title %}空{% endblock %}'
BATCH = 20
READERS = 100
# Pages that are asked while it is looked where their time goes.
PROFILED = 4000

Environ = dict[str, Any]
Asked = tuple[Callable[..., Any], Iterator[Environ]]


def _environ(path: str, cookie: str = "") -> Environ:
    builder = EnvironBuilder(path=path, headers=[("Accept-Encoding", "gzip")])
    environ: Environ = dict(builder.get_environ())
    builder.close()
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    return environ


def _portal(url: str) -> Flask:
    """Return the portal with one page more, which asks nothing but who is signed in."""
    app = create_app(PORTAL_ENV="test", PORTAL_DATABASE_URL=url)
    empty = app.jinja_env.from_string(_EMPTY_PAGE)

    @app.get(EMPTY)
    @signed_in
    def _empty() -> Response:
        return render(empty)  # type: ignore[arg-type]

    return app


def _asked(world: World, portal: Flask, limit: Flask) -> dict[str, Asked]:
    def read(path: Callable[[int], str], visitors: list[Visitor]) -> Asked:
        pages = [
            _environ(path(at), visitor.cookie) for at, visitor in enumerate(visitors[:READERS])
        ]
        return portal.wsgi_app, itertools.cycle(pages)

    return {
        "limit": (limit.wsgi_app, itertools.cycle([_environ("/page")])),
        "empty page": read(lambda _at: EMPTY, world.participants),
        "event list": read(lambda _at: "/events/", world.participants),
        "event page": read(lambda at: f"/events/{world.listed[at % 200]}", world.participants),
        "roll page": read(
            lambda at: f"/events/{world.rolls[at % TICK_EVENTS]}/attendance", world.hosts
        ),
        "lesson list": read(lambda _at: "/lessons/", world.participants),
        "lesson page": read(
            lambda at: f"/lessons/{world.places.lessons[at % 200]}", world.participants
        ),
        "search page": read(
            lambda at: f"/search?{urlencode({'q': THEMES[at % len(THEMES)]})}", world.participants
        ),
    }


def _ask(app: Callable[..., Any], environ: Environ) -> None:
    status = ""

    def start(said: str, _headers: object, _error: object = None) -> None:
        nonlocal status
        status = said

    body = app({**environ, "wsgi.input": BytesIO()}, start)
    size = len(b"".join(body))
    if hasattr(body, "close"):
        body.close()
    if not status.startswith("200") or not size:
        raise SystemExit(f"{environ['PATH_INFO']}: {status}")


def _batch(asked: Asked, number: int = BATCH) -> float:
    """Return the milliseconds of processor time of one request, over a batch."""
    app, environs = asked
    began = time.process_time()
    for environ in itertools.islice(environs, number):
        _ask(app, environ)
    return (time.process_time() - began) / number * 1000


def _measure(pages: dict[str, Asked], rounds: int) -> None:
    for asked in pages.values():
        _batch(asked, READERS)  # templates are compiled, rows are made
    best = dict.fromkeys(pages, float("inf"))
    for _ in range(rounds):
        for name, asked in pages.items():
            best[name] = min(best[name], _batch(asked))
    for name, cost in best.items():
        print(f"  {name:<12}{cost:6.2f} ms{cost / best['limit']:7.2f} x the limit's page")


def _profile(asked: Asked) -> None:
    """Look a thousand times a second which functions are under way, and which one works."""
    within, working = Counter[str](), Counter[str]()

    def look(_signal: int, frame: FrameType | None) -> None:
        working[_named(frame)] += 1
        within.update({_named(one) for one in _callers(frame)})

    _batch(asked, READERS)
    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    cost = _batch(asked, PROFILED)
    signal.setitimer(signal.ITIMER_PROF, 0)
    for heading, seen in (("works", working), ("is under way", within)):
        print(f"microseconds of a page in which the function {heading}")
        for name, count in seen.most_common(60):
            print(f"  {count / working.total() * cost * 1000:7.1f}  {name}")


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _named(frame: FrameType | None) -> str:
    if frame is None:
        return "nothing"
    code = frame.f_code
    place = "/".join(Path(code.co_filename).parts[-3:])
    return f"{code.co_name}  {place}:{code.co_firstlineno}"


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60, help="batches of 20 for each page")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--profile", metavar="PAGE", help="where the time of this page goes")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["PORTAL_INSTANCE_PATH"] = str(folder)
        limit_url = stack.enter_context(database(options.only, folder, "limit"))
        portal_url = stack.enter_context(database(options.only, folder, "portal"))
        limit_tables.prepare(limit_url)
        os.environ["LIMIT_DATABASE_URL"] = limit_url
        world = build(portal_url)
        pages = _asked(world, _portal(portal_url), importlib.import_module("bench.limit").app)
        if options.profile:
            _profile(pages[options.profile])
        else:
            print(options.only)
            _measure(pages, options.rounds)


if __name__ == "__main__":
    main()
