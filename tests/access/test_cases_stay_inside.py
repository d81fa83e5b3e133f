"""A branch's case by every path there is: whoever has no part in it is told nothing of it.

Every route that can be read is asked, with the objects of the case's own branch in its address
and every filter that could bring the case up. What is answered is searched, whatever it is.
"""

import io
import re
import shutil
import zipfile
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.cases import queries, services
from portal.cases.models import AskerSight, Case, Openness
from portal.database import db, write_transaction
from portal.materials import services as materials
from portal.people.models import Person
from tests.access.world import INSIDE, World
from tests.instances import make_app
from tests.materials import samples
from tests.page import Browser

WORDS = "楼道的灯坏了很久"
# Of what is open to members: who asked, the words of the log, the papers.
NEVER_OPEN = ("诉求测试居民", "13900004321", "只在办理记录里的话", "只给办理单位的照片")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("inside")
    shutil.copy(sqlite_template, folder / "portal.sqlite")
    made = World(make_app(folder, WTF_CSRF_ENABLED=False), folder)
    with made.app.app_context():
        # The others have other words: what is found then is the case inside.
        db.session.execute(
            update(Case)
            .where(Case.id != made.sides[INSIDE].numbers["case_id"])
            .values(words="另一件事")
        )
        db.session.commit()
        with write_transaction():
            case = queries.case(made.sides[INSIDE].numbers["case_id"])
            case.asker_sight = AskerSight.NAMED
            case.asker_name, case.asker_phone = NEVER_OPEN[0], NEVER_OPEN[1]
            actor = db.session.get_one(Person, case.opened_by_id)
            services.accept(case=case, words=NEVER_OPEN[2], has_contacted=True, actor=actor)
        with write_transaction():
            case = queries.case(case.id)
            actor = db.session.get_one(Person, case.opened_by_id)
            kept = materials.keep(
                stream=io.BytesIO(samples.picture(size=(31, 37))),
                filename=f"{NEVER_OPEN[3]}.png",
                owner=case.organisation,
                actor=actor,
            )
            services.attach(case=case, materials=[kept], actor=actor)
            made.sides[INSIDE].numbers["material_id"] = kept.id
        db.session.remove()
    made.cookies["secretary2"] = signed_in(made)
    yield made
    with made.app.app_context():
        db.engine.dispose()


def signed_in(world: World) -> str:
    """Return the session of the secretary of another community."""
    client = Browser(world.app).sign_in("secretary2").client
    cookie = client.get_cookie("portal")
    assert cookie is not None
    return cookie.value


def told(response: TestResponse) -> str:
    """Return all text of an answer, that of packed files too."""
    body = response.data
    if not body.startswith(b"PK"):
        return re.sub("</?mark>", "", body.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        parts = [packed.read(name) for name in packed.namelist()]
        return "".join([*packed.namelist(), *(part.decode("utf-8", "replace") for part in parts)])


def due_on(world: World) -> date:
    """Return the day on which the case inside is due."""
    with world.app.app_context():
        day = queries.case(world.sides[INSIDE].numbers["case_id"]).due_day
        db.session.remove()
    return day


def paths_that_tell(
    world: World, role: str, sought: tuple[str, ...], among: Collection[str] = ()
) -> set[str]:
    """Return the endpoints that tell this role one of the words; `among` all, or some."""
    numbers = world.sides[INSIDE].numbers
    # Whatever a filter takes that could bring the case up.
    asked = {
        "q": "楼道的灯",
        "show": "public" if role == "member" else "all",
        "figure": "registered",
        "org": numbers["organisation_id"],
        "words": f"{WORDS}，没有人管",
        "organisation": numbers["organisation_id"],
        "event": numbers["event_id"],
        "day": due_on(world),
    }
    binding = world.app.url_map.bind("localhost")
    found = set()
    for rule in world.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or "filename" in rule.arguments:
            continue
        if among and rule.endpoint not in among:
            continue
        known = {**numbers, "token": "x" * 32, "word": "report"}
        address = binding.build(
            rule.endpoint, {name: known.get(name, 1) for name in rule.arguments}
        )
        kind = "case" if rule.endpoint == "find.index" else ""
        response = world.ask(role, "GET", f"{address}?{urlencode({**asked, 'kind': kind})}", {})
        if any(word in told(response) for word in sought):
            found.add(rule.endpoint)
    return found


def decide(world: World, openness: Openness) -> None:
    """Have the secretary say who may read the case."""
    with world.app.app_context():
        with write_transaction():
            case = queries.case(world.sides[INSIDE].numbers["case_id"])
            actor = db.session.get_one(Person, case.opened_by_id)
            services.open_up(case=case, openness=openness, actor=actor)
        db.session.remove()


def test_the_search_for_leaks_finds_what_there_is(world: World) -> None:
    telling = {
        *("cases.index", "cases.show", "cases.board", "cases.calendar", "cases.rate_rows"),
        *("cases.export", "cases.of_event", "cases.similar", "cases.edit", "find.index"),
    }
    assert paths_that_tell(world, "branch", (WORDS,), telling) == telling
    assert paths_that_tell(world, "branch", NEVER_OPEN[:1], {"cases.show"})
    assert paths_that_tell(world, "branch", NEVER_OPEN[2:3], {"cases.show"})
    assert paths_that_tell(world, "branch", NEVER_OPEN[3:], {"materials.show"})


def test_members_of_the_branch_itself_are_told_of_it_by_no_path(world: World) -> None:
    assert paths_that_tell(world, "member", (WORDS, *NEVER_OPEN)) == set()


def test_what_is_open_to_the_community_names_nobody_and_ends_at_its_edge(world: World) -> None:
    decide(world, Openness.COMMUNITY)
    try:
        readers = paths_that_tell(world, "member", (WORDS,))
        assert readers == {"cases.index", "cases.show", "find.index"}
        assert paths_that_tell(world, "member", NEVER_OPEN, readers) == set()
        assert paths_that_tell(world, "secretary2", (WORDS, *NEVER_OPEN)) == set()
    finally:
        decide(world, Openness.UNITS)
