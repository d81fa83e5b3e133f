"""What is typed finds what it should, and the same on both databases."""

from unittest import mock

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select, union_all

from portal.database import db
from portal.search import queries, services
from portal.search.tokens import wanted

# The things that a list goes through.
THINGS = union_all(*(select(literal(number).label("id")) for number in range(1, 10))).subquery()
_LISTED = select(THINGS.c.id)
LESSON, SEMINAR, WALK, FAIR = 1, 2, 3, 4


@pytest.fixture
def indexed(app: Flask, any_database: str) -> Flask:
    services.index(
        "event",
        LESSON,
        titles=["“守护家园”情景党课（第3讲）", "汕头路社区党群服务中心"],
        names=["单田芳"],
        body=["请带好党员徽章，准时到场。"],
    )
    services.index(
        "event", SEMINAR, titles=["民生座谈会 2026", "重庆路红色书屋 B座"], names=["𬱖建国"]
    )
    services.index("event", WALK, titles=["行走的党课🎉", "Olympic Sailing Centre"], names=[])
    services.index("event", FAIR, titles=["扶贫集市", "奥帆中心"], names=["阿依古丽·买买提"])
    services.index("lesson", LESSON, titles=["情景党课"])
    db.session.commit()
    return app


def found(typed: str, kind: str = "event") -> set[int]:
    """What matches: by the index, as a condition of a list, for rare and for common words, and in
    the order of the search page."""
    ids = set(db.session.scalars(queries.matching_ids(kind, typed)))
    listed = select(THINGS.c.id)
    condition = queries.matches(THINGS.c.id, kind, typed)
    assert set(db.session.scalars(listed.where(condition))) == ids
    with mock.patch.object(queries, "COMMON", -1):
        condition = queries.matches(THINGS.c.id, kind, typed)
        assert set(db.session.scalars(listed.where(condition))) == ids
    rows, total = queries.look_up(_LISTED, THINGS.c.id, kind, typed, limit=20)
    assert total == len(ids)
    assert {row.id for row in rows} == ids
    return ids


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("党课", {LESSON, WALK}),
        ("课", {LESSON, WALK}),
        ("情景党课", {LESSON}),
        ("景党", {LESSON}),
        ("党课 守护", {LESSON}),
        ("守护党课", set()),
        ("徽章", {LESSON}),
        ("中心", {LESSON, FAIR}),
        # pinyin and initials, from any character on, of title, place and names
        ("shantou", {LESSON}),
        ("shantoulushequ", {LESSON}),
        ("stl", {LESSON}),
        ("STL", {LESSON}),
        ("qjdk", {LESSON}),
        ("dangke", {LESSON, WALK}),
        ("dangk", {LESSON, WALK}),
        ("dang ke", {LESSON, WALK}),
        ("dk 行走", {WALK}),
        ("chongqing", {SEMINAR}),
        ("cql", {SEMINAR}),
        ("xingzou", {WALK}),
        ("shantianfang", {LESSON}),
        ("stf", {LESSON}),
        ("单田芳", {LESSON}),
        ("aygl", {FAIR}),
        ("阿依古丽·买买提", {FAIR}),
        # what the body says is found by its characters, not by its pinyin
        ("huizhang", set()),
        # rare characters, numbers, other letters, full-width, symbols
        ("𬱖", {SEMINAR}),
        ("𬱖建国", {SEMINAR}),
        ("2026", {SEMINAR}),
        ("２０２６", {SEMINAR}),
        ("20", {SEMINAR}),
        ("b座", {SEMINAR}),
        ("olympic", {WALK}),
        ("sail", {WALK}),
        ("🎉", {WALK}),
        ("第3讲", {LESSON}),
        # what stands beside numbers, alone and beside other things, in a title and in a name
        ("第", {LESSON}),
        ("座", {SEMINAR}),
        ("第 党课", {LESSON}),
        ("号 党课", set()),
        ("座 民生座谈会", {SEMINAR}),
        ("人 第", set()),
        ("火星", set()),
    ],
)
def test_typed_text_finds(indexed: Flask, typed: str, ids: set[int]) -> None:
    assert found(typed) == ids


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "' OR 1=1 --",
        '"党课" OR "x',
        "党课*",
        "NEAR(党课 守护)",
        "tokens:党课",
        "党课 AND",
        "-党课",
        "(党课",
        "^党",
        "a & | ! <-> b:*",
        "\\",
        "%_",
        "{}",
        "\x00党课",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "党" * 10_000,
        "a" * 10_000,
        "a " * 5_000,
        "。，！",
        "   ",
        "",
    ],
)
def test_nothing_that_can_be_typed_is_an_operator(indexed: Flask, typed: str) -> None:
    assert found(typed) <= {LESSON, SEMINAR, WALK, FAIR}


def test_what_holds_nothing_to_look_for_matches_nothing(indexed: Flask) -> None:
    assert found("。“”") == set()
    assert found("") == set()


def test_operators_are_just_words(indexed: Flask) -> None:
    assert found("党课 OR 集市") == set()
    assert found("党课*") == found("党课")
    assert found("“党课”") == found("党课")


def test_kinds_are_kept_apart(indexed: Flask) -> None:
    assert found("党课", "lesson") == {LESSON}
    assert found("集市", "lesson") == set()


def test_indexing_again_forgets_the_old_words(indexed: Flask) -> None:
    services.index("event", LESSON, titles=["主题党日"])
    services.index("event", LESSON, titles=["主题党日"])
    db.session.commit()
    assert found("守护") == set()
    assert found("党日") == {LESSON}


def test_removed_things_are_not_found(indexed: Flask) -> None:
    services.remove("event", LESSON)
    db.session.commit()
    assert found("党课") == {WALK}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.text(min_size=1, max_size=20))
def test_a_title_is_found_by_itself_whatever_it_is(indexed: Flask, typed: str) -> None:
    services.index("material", 9, titles=[typed])
    has_words = bool(wanted(typed))
    assert found(typed, "material") == ({9} if has_words else set())
    db.session.rollback()
