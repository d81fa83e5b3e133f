"""Every route, tried by every role, on an object inside and one outside of its part of the tree."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.database import db
from tests.access.expectations import ANONYMOUS, NOBODY, ROLES, ROWS, Row
from tests.access.world import INSIDE, OUTSIDE, World
from tests.instances import make_app

# Whom a route lets in is the matrix's to show; what it does there, the tests of its room.
pytestmark = pytest.mark.untraced

# What an answer below 500 may be; anything else is a fault of the portal, whoever asked.
THROUGH = {200, 201, 204, 302, 303, 304, 409, 422}
REFUSED = {401, 403, 404}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    """One world for the module; every successful write is undone."""
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copy(sqlite_template, folder / "portal.sqlite")
    app = make_app(
        folder,
        WTF_CSRF_ENABLED=False,
        PORTAL_CODE_SECONDS=24 * 3600,
        PORTAL_API_WRONG_TOKENS=10_000,
    )
    yield World(app, folder)
    with app.app_context():
        db.engine.dispose()


def is_refused(response: TestResponse, role: str) -> bool:
    """Return whether the answer keeps somebody out."""
    leads_to_door = urlsplit(response.headers.get("Location", "")).path == "/login"
    if role == ANONYMOUS and leads_to_door:
        return True
    return response.status_code in REFUSED


def rules_of(app: Flask, endpoint: str) -> list[tuple[str, Rule]]:
    """Return each method and rule of an endpoint."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules(endpoint)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def path_of(world: World, rule: Rule, row: Row, side: str, role: str) -> str:
    """Return the address of the object on that side, as that role would open it."""
    kind = "people" if "people_import" in rule.endpoint else "organisations"
    kind = "cases" if rule.endpoint.startswith("cases.") else kind
    kind = "holidays" if "holidays_import" in rule.endpoint else kind
    known = {**world.sides[side].numbers, "token": world.token(role, kind), **row.parts}
    values = {name: known[name] for name in rule.arguments}
    built = world.app.url_map.bind("localhost").build(rule.endpoint, values)
    return f"{built}?{urlencode(named(row.asked, known))}" if row.asked else str(built)


def named(fields: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields with the objects of the side in them."""
    return {name: value.format(**known) for name, value in fields.items()}


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert endpoints - ROWS.keys() == set(), "add a row to tests/access/expectations.py"
    assert ROWS.keys() - endpoints == set(), "no such route any more"


@pytest.mark.parametrize("endpoint", sorted(ROWS))
def test_a_route_opens_for_whom_it_should_and_for_nobody_else(world: World, endpoint: str) -> None:
    row = ROWS[endpoint]
    found: list[str] = []
    for method, rule in rules_of(world.app, endpoint):
        for side in (INSIDE, OUTSIDE):
            wanted = row.inside if side == INSIDE or row.outside is None else row.outside
            for role in sorted(ROLES):
                response = world.ask(
                    role,
                    method,
                    path_of(world, rule, row, side, role),
                    named(row.typed, world.sides[side].numbers),
                )
                gets_through = not is_refused(response, role)
                if response.status_code not in THROUGH | REFUSED:
                    found.append(f"{method} {side}: {role} is answered {response.status_code}")
                elif gets_through != (role in wanted):
                    verb = "gets through" if gets_through else "is refused"
                    found.append(f"{method} {side}: {role} {verb} ({response.status_code})")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("endpoint", sorted(ROWS))
def test_nobody_is_let_in_outside_who_is_refused_inside(endpoint: str) -> None:
    row = ROWS[endpoint]
    assert (row.outside or NOBODY) <= row.inside
