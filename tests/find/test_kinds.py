"""Lessons, sites, routes and materials in the one box, each by the rule of its own room."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from portal.database import db
from portal.lessons.models import Lesson, LessonState
from portal.materials.models import Material
from portal.search.hooks import sources
from portal.search.queries import _looking_up
from portal.sites.models import Route, Site, SiteState
from tests.page import Browser, Page, text_of


@pytest.fixture
def signed_in(demo_app: Flask) -> Callable[[str], Browser]:
    return lambda username: Browser(demo_app).sign_in(username)


def found(page: Page, kind: str) -> list[str]:
    return [
        text_of(link)
        for section in page.by("data-kind", kind)
        for paragraph in section.iter("p")
        if paragraph.get("class") == "title"
        for link in paragraph.iter("a")
    ]


@pytest.mark.parametrize(
    ("kind", "table", "condition"),
    [
        ("lesson", Lesson.title, Lesson.state == LessonState.PUBLISHED),
        ("site", Site.name, Site.state == SiteState.NAMED),
        ("route", Route.name, Route.is_published),
    ],
)
def test_a_member_finds_what_is_public_by_its_name(
    demo_app: Flask,
    signed_in: Callable[[str], Browser],
    kind: str,
    table: object,
    condition: object,
) -> None:
    with demo_app.app_context():
        name = db.session.scalars(select(table).where(condition)).first()  # type: ignore[call-overload]
    page = signed_in("member1").get("/search", q=name, kind=kind)
    assert name in found(page, kind)
    address = page.links()[name]
    assert signed_in("member1").get(address).status == 200


def test_what_is_not_public_is_found_by_those_who_keep_it(
    demo_app: Flask, signed_in: Callable[[str], Browser]
) -> None:
    with demo_app.app_context():
        hidden = db.session.scalars(
            select(Site.name).where(Site.state == SiteState.NOMINATED)
        ).first()
    assert hidden is not None
    assert hidden not in found(signed_in("member1").get("/search", q=hidden), "site")
    assert hidden in found(signed_in("office").get("/search", q=hidden), "site")


def test_materials_are_found_by_those_who_may_use_them(
    demo_app: Flask, signed_in: Callable[[str], Browser]
) -> None:
    with demo_app.app_context():
        title = db.session.scalars(
            select(Material.title).where(Material.archived_at.is_(None))
        ).first()
    assert title is not None
    page = signed_in("office").get("/search", q=title, kind="material")
    assert title in found(page, "material")
    assert "资料" not in signed_in("member1").get("/search").text.split("可以找")[1].split("；")[0]


def test_every_kind_is_offered_to_an_office_and_costs_one_statement(
    demo_app: Flask, signed_in: Callable[[str], Browser]
) -> None:
    office = signed_in("office")
    office.get("/search", q="社区")
    asked: list[str] = []
    with demo_app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    page = office.get("/search", q="社区")
    event.remove(engine, "before_cursor_execute", note)
    together = [source for source in sources if source.is_among_all]
    assert len(asked) == len(together) + 1 <= 8
    assert len(page.by("data-kind")) >= 4


@pytest.mark.parametrize("username", ["office", "secretary", "member1"])
def test_no_room_builds_its_statement_anew(
    signed_in: Callable[[str], Browser], username: str
) -> None:
    """To build one costs more than everything else that a search does."""
    reader = signed_in(username)
    reader.get("/search", q="党课")
    for kind in [source.kind for source in sources]:
        reader.get("/search", q="党课", kind=kind)
    built = _looking_up.cache_info().misses
    reader.get("/search", q="座谈")
    for kind in [source.kind for source in sources]:
        reader.get("/search", q="座谈", kind=kind)
    assert _looking_up.cache_info().misses == built
