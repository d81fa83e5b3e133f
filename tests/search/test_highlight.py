"""What matched is marked, and nothing that was typed or kept becomes markup."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from portal.search.highlight import LONGEST_SNIPPET, marked, snippet


def words(text: str, typed: str) -> list[str]:
    """The marked parts."""
    return re.findall(r"<mark>(.*?)</mark>", marked(text, typed))


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("小区里的红色物业", "红色物业", ["红色物业"]),
        ("红色的物业", "红色物业", ["红色", "物业"]),
        ("社区党课", "课", ["课"]),
        ("守护家园情景党课", "党课 守护", ["守护", "党课"]),
        ("主题党课", "dangke", ["党课"]),
        ("主题党课", "dangk", ["党课"]),
        ("主题党课", "dk", ["党课"]),
        ("主题党课", "DK", ["党课"]),
        ("主题党课", "d", ["党"]),
        ("重庆路书屋", "chongqing", ["重庆"]),
        ("单田芳", "stf", ["单田芳"]),
        ("绿色小区", "lvse", ["绿色"]),
        ("Olympic Sailing Centre", "sail", ["Sail"]),
        ("Olympic Sailing Centre", "ailing", []),
        ("第３讲", "3", ["３"]),
        ("第3讲", "第3讲", ["第3讲"]),
        ("主题党课", "dangkexy", []),
        ("主题党课", "火星", []),
        ("主题党课", "", []),
        ("", "党课", []),
        ("𬱖建国", "𬱖", ["𬱖"]),
        ("行走的党课🎉", "🎉", ["🎉"]),
    ],
)
def test_what_was_typed_is_marked(text: str, typed: str, found: list[str]) -> None:
    assert words(text, typed) == found


def test_sounds_are_left_out_where_only_characters_are_looked_for() -> None:
    assert "<mark>" not in marked("主题党课", "dangke", by_sound=False)


@given(
    st.text(alphabet="红色物业党课dk<>&\"' 3😀", max_size=40),
    st.text(alphabet="红色物业党课dk<>&\"'3😀 ", max_size=12),
)
def test_nothing_is_lost_and_nothing_becomes_markup(text: str, typed: str) -> None:
    shown = str(marked(text, typed))
    assert re.sub(r"</?mark>", "", shown) == str(escape(text))
    assert "<mark></mark>" not in shown
    assert "</mark><mark>" not in shown


def test_markup_in_a_title_or_in_what_is_typed_stays_text() -> None:
    assert marked("<b>党课</b>", "<b>") == "&lt;<mark>b</mark>&gt;党课&lt;/<mark>b</mark>&gt;"
    assert "<script" not in marked("<script>alert(1)</script>", "script")


def test_a_snippet_shows_the_place_that_matched() -> None:
    text = "开头的话。" * 20 + "请带好党员徽章，准时到场。" + "后面的话。" * 20
    shown = snippet(["没有", text], "徽章")
    assert shown is not None
    assert "<mark>徽章</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(re.sub(r"</?mark>", "", shown)) <= LONGEST_SNIPPET + 2
    assert snippet(["没有", ""], "徽章") is None
    assert snippet(["带好\n徽章"], "徽章") == "带好 <mark>徽章</mark>"
