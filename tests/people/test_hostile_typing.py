"""What nobody means: blanks, invisible signs, impossible days and numbers, in every form."""

import io
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.database import db
from portal.people.models import Membership, Organisation, Person, Post
from tests.factories import Street, commit
from tests.page import Browser, Page
from tests.people.imports.sheets import BRANCH_ONE, member, roster
from tests.people.worlds import again

# Nothing can be read in these, whatever a browser lets through.
BLANKS = ("", " ", "\t", "\u3000", "\x00", "\u200b", "\ufeff", "\ufffe", "\x85", "\ufdd0")
UNSEEN = "甲\x00\x1f\x7f\x9f\ufdd0\ufffe\U0001ffff乙"


@dataclass(frozen=True)
class Place:
    """A form's address, and what is typed into it when all is well."""

    path: str
    typed: dict[str, str]


@dataclass(frozen=True)
class World:
    """The street, and each form of the room by a short name."""

    street: Street
    places: dict[str, Place]


@pytest.fixture
def world(app: Flask) -> World:
    street = Street()
    a, branch = street.a.id, street.branch_one.id
    membership = db.session.scalars(select(Membership.id).where(Membership.person_id == a)).one()
    post = Post(person_id=a, organisation_id=branch, title="组织委员")
    db.session.add(post)
    db.session.flush()
    today, two = clock.today().isoformat(), str(street.branch_two.id)
    places = {
        "new": Place("/people/new", {"name": "某某", "organisation": str(branch)}),
        "edit": Place(f"/people/{a}/edit", {}),
        "transfer": Place(f"/people/{a}/transfer", {"organisation": two, "day": today}),
        "join": Place(f"/people/{a}/relations/new", {"organisation": two, "day": today}),
        "end": Place(f"/people/{a}/memberships/{membership}/end", {"reason": "moved_out"}),
        "post": Place(f"/people/{a}/posts/new", {"organisation": two, "title": "书记"}),
        "end_post": Place(f"/people/{a}/posts/{post.id}/end", {}),
        "exempt": Place(f"/people/{a}/exemption", {"reason": "frail"}),
        "found": Place("/organisations/new", {"name": "新", "parent": str(street.shantou.id)}),
        "rename": Place(f"/organisations/{two}/edit", {"name": "第二支部"}),
        "close": Place(f"/organisations/{street.branch_far.id}/close", {}),
    }
    commit()
    return World(street, places)


def typed_into(world: World, browser: Browser, place: str, **typed: Any) -> Page:
    """Fill the form in well but for these fields, and send it."""
    there = world.places[place]
    form = browser.get(there.path).form(there.path)
    return browser.submit(form, **{**there.typed, **typed})


def everything() -> list[int]:
    """How many people, relations, posts and organisations there are, and their versions."""
    db.session.rollback()
    counted = [
        select(func.count()).select_from(table)
        for table in (Person, Membership, Post, Organisation)
    ]
    versions = [select(func.sum(table.version)) for table in (Person, Organisation)]
    return [db.session.scalar(question) or 0 for question in (*counted, *versions)]


REQUIRED = [
    ("new", "name", "请填写姓名。"),
    ("edit", "name", "请填写姓名。"),
    ("transfer", "day", "请填写日期。"),
    ("join", "day", "请填写日期。"),
    ("end", "day", "请填写日期。"),
    ("end_post", "day", "请填写日期。"),
    ("exempt", "since", "请填写日期。"),
    ("close", "day", "请填写日期。"),
    ("post", "title", "请填写职务。"),
    ("found", "name", "请填写名称。"),
    ("rename", "name", "请填写名称。"),
]


@pytest.mark.parametrize(("place", "field", "sentence"), REQUIRED)
def test_blanks_are_nothing(
    world: World, browser: Browser, place: str, field: str, sentence: str
) -> None:
    browser.sign_in("office")
    before = everything()
    for blank in BLANKS:
        page = typed_into(world, browser, place, **{field: blank})
        assert page.status == 422, repr(blank)
        assert page.errors()[field] == sentence, repr(blank)
    assert everything() == before


@pytest.mark.parametrize(
    ("place", "field", "sentence"),
    [(place, "day", "“甲乙”不是日期。") for place in ("transfer", "join", "post", "end", "close")]
    + [
        ("new", "since", "“甲乙”不是日期。"),
        ("new", "phone", "“甲乙”不是电话号码。"),
        ("new", "birth_year", "“甲乙”不是日期。"),
        ("found", "since", "“甲乙”不是日期。"),
        ("found", "position", "请填写 0 到 9999 的数字。"),
        ("rename", "position", "请填写 0 到 9999 的数字。"),
    ],
)
def test_signs_that_no_page_can_show_do_not_come_back(
    world: World, browser: Browser, place: str, field: str, sentence: str
) -> None:
    page = typed_into(world, browser.sign_in("office"), place, **{field: UNSEEN})
    assert page.status == 422
    assert page.errors()[field] == sentence
    assert page.form(world.places[place].path).fields[field] == "甲乙"


@pytest.mark.parametrize(
    ("place", "field", "day", "sentence"),
    [
        ("new", "since", "0001-01-01", "太早"),
        ("new", "since", "9999-12-31", "太远"),
        ("transfer", "day", "0001-01-01", "太早"),
        ("join", "day", "9999-12-31", "太远"),
        ("end", "day", "1900-01-01", "太早"),
        ("post", "day", "9999-12-31", "太远"),
        ("exempt", "since", "0001-01-01", "太早"),
        ("found", "since", "0001-01-01", "太早"),
        ("found", "since", "9999-12-31", "太远"),
        ("rename", "renamed_on", "0001-01-01", "太早"),
        ("rename", "renamed_on", "9999-12-31", "不能晚于今天"),
        ("transfer", "day", "2026-02-30", "没有“2026-02-30”这一天"),
        ("close", "day", "0000-01-01", "没有“0000-01-01”这一天"),
    ],
)
def test_a_day_that_nobody_means_is_refused_beside_its_field(
    world: World, browser: Browser, place: str, field: str, day: str, sentence: str
) -> None:
    browser.sign_in("office")
    before = everything()
    page = typed_into(world, browser, place, **{field: day})
    assert page.status == 422
    assert sentence in page.errors()[field]
    assert page.form(world.places[place].path).fields[field] == day
    assert everything() == before


def test_an_organisation_is_not_renamed_before_it_was_founded(
    world: World, browser: Browser
) -> None:
    branch = db.session.get(Organisation, world.street.branch_two.id)
    assert branch is not None
    branch.valid_from = clock.today()
    commit()
    today = clock.today().isoformat()
    page = typed_into(world, browser.sign_in("office"), "rename", renamed_on=today)
    assert page.errors()["renamed_on"] == "改名日期要晚于成立日期。"


def test_a_company_may_be_older_than_the_party(world: World, browser: Browser) -> None:
    page = typed_into(world, browser.sign_in("office"), "found", kind="unit", since="1903-08-15")
    assert page.status == 200


@pytest.mark.parametrize("place", ["edit", "rename"])
@pytest.mark.parametrize("version", ["", "-1", "1.5", "x", "\x00", "9" * 30, "9" * 5000, "１x"])
def test_a_version_that_is_none_saves_nothing(
    world: World, browser: Browser, place: str, version: str
) -> None:
    browser.sign_in("office")
    before = everything()
    page = typed_into(world, browser, place, name="改了名", version=version)
    assert page.status == 409
    assert page.form(world.places[place].path).fields["name"] == "改了名"
    assert everything() == before


@pytest.mark.parametrize("number", ["-1", "x", "9" * 30, "9" * 5000, "²", "\x00"])
def test_a_relation_that_is_no_number_transfers_nobody(
    world: World, browser: Browser, number: str
) -> None:
    page = typed_into(world, browser.sign_in("office"), "transfer", membership=number)
    assert page.status == 409
    assert "刚刚变动过" in page.alert
    assert len(again(world.street.a).memberships) == 1


@pytest.mark.parametrize("field", ["name", "phone", "birth_year", "joined_on", "since"])
def test_ten_thousand_characters_come_back_whole(
    world: World, browser: Browser, field: str
) -> None:
    long = "长" * 10_000
    page = typed_into(world, browser.sign_in("office"), "new", **{field: long})
    assert page.status == 422
    assert page.errors()[field]
    assert page.form("/people/new").fields[field] == long


def test_a_day_is_no_phone(world: World, browser: Browser) -> None:
    page = typed_into(world, browser.sign_in("office"), "new", phone="2026-02-30")
    assert page.errors()["phone"] == "“2026-02-30”是日期，不是电话号码。"


def test_names_of_every_kind_are_taken_and_found_again(world: World, browser: Browser) -> None:
    browser.sign_in("office")
    for name in ("王䶮", "𬱖㛃", "阿卜杜拉·买买提", "\u202e李\u200b四\u200f"):
        assert typed_into(world, browser, "new", name=name).status == 200
    names = set(db.session.scalars(select(Person.name)))
    assert {"王䶮", "𬱖㛃", "阿卜杜拉·买买提", "李四"} <= names


@pytest.mark.parametrize("path", ["/people/", "/organisations/"])
def test_searching_for_what_cannot_be_seen(world: World, browser: Browser, path: str) -> None:
    page = browser.sign_in("office").get(path, q=UNSEEN)
    assert page.status == 200
    assert page.find_all("input", name="q")[-1].get("value") == "甲乙"


def test_the_door_shows_no_invisible_sign_and_says_how_long_is_too_long(
    world: World, browser: Browser
) -> None:
    page = browser.post("/login", {"username": UNSEEN, "password": "x"})
    assert page.status == 422
    assert page.find_all("input", name="username")[0].get("value") == "甲乙"
    page = browser.post("/login", {"username": "a" * 10_000, "password": "b" * 10_000})
    assert page.errors() == {"username": "最多 40 位。", "password": "最多 200 位。"}


# ------------------------------------------------------------------ files


def uploaded(browser: Browser, content: bytes, name: str) -> Page:
    form = browser.get("/people/import").form("/people/import")
    data = {**form.fields, "file": (io.BytesIO(content), name)}
    return browser.get(browser.client.post(form.action, data=data).headers["Location"])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("名\x00\x9f册\u202evsc.csv", "名册vsc.csv"),
        ("<script>.csv", "<script>.csv"),
    ],
)
def test_a_file_is_called_by_its_name_without_folders_and_invisible_signs(
    world: World, browser: Browser, name: str, shown: str
) -> None:
    page = uploaded(browser.sign_in("office"), roster(member("王䶮")), name)
    assert f"“{shown}”里有 1 行" in page.text


def test_a_cell_of_ten_thousand_characters_is_not_told_in_full(
    world: World, browser: Browser
) -> None:
    content = f"姓名,所在党支部,组织编码\n王䶮,{'长' * 10_000},\n李四,,{'9' * 10_000}\n"
    page = uploaded(browser.sign_in("office"), content.encode(), "花名册.csv")
    assert len(page.html) < 20_000
    assert "有 10000 个字，最多 80 个字" in page.text
    assert "有 10000 个字，最多 40 个字" in page.text


def test_invisible_signs_in_cells_are_gone(world: World, browser: Browser) -> None:
    rows = f"姓名,所在党支部,备注\n王\x9f䶮\ufdd0,\u202e{BRANCH_ONE}\U0001fffe,{UNSEEN[3:]}\n"
    page = uploaded(browser.sign_in("office"), rows.encode(), "花名册.csv")
    assert page.find_all("tr", **{"data-created-row": "2"})
    browser.submit(page.form(page.response.request.path))
    found = db.session.scalars(select(Person).where(Person.name == "王䶮")).one()
    assert found.note == "乙"
