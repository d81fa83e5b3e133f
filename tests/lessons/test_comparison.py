"""What was taken out and put in, to the character; nothing is lost in telling it."""

from hypothesis import given
from hypothesis import strategies as st

from portal.lessons.comparison import (
    AROUND,
    Change,
    Piece,
    differences,
    lines_of,
    pieces_of,
    shortened,
)

texts = st.text(st.sampled_from("党课研讨题，。\n ab"), max_size=60)


def side(before: str, now: str, *, gone: bool) -> str:
    """Put one of the two texts together again from what is told."""
    skipped = Change.NEW if gone else Change.GONE
    told = [
        "".join(piece.text for piece in line if piece.change is not skipped)
        for line in lines_of(before, now)
        if any(piece.change is not skipped for piece in line)
    ]
    return "\n".join(told)


@given(texts, texts)
def test_both_texts_can_be_read_from_what_is_told(before: str, now: str) -> None:
    assert side(before, now, gone=True) == before
    assert side(before, now, gone=False) == now


def test_one_character_is_one_mark() -> None:
    assert pieces_of("一个字也不能错", "一个字都不能错") == (
        Piece(Change.SAME, "一个字"),
        Piece(Change.GONE, "也"),
        Piece(Change.NEW, "都"),
        Piece(Change.SAME, "不能错"),
    )


def test_lines_that_have_little_in_common_are_told_whole() -> None:
    assert lines_of("甲乙丙丁", "春夏秋冬") == [
        (Piece(Change.GONE, "甲乙丙丁"),),
        (Piece(Change.NEW, "春夏秋冬"),),
    ]


def test_very_long_lines_are_told_whole_and_at_once() -> None:
    assert pieces_of("字" * 3_000, "字" * 2_999) is None


def test_what_stayed_is_left_out_but_for_two_lines_around() -> None:
    before = "\n".join(f"第{number}行" for number in range(20))
    now = before.replace("第10行", "第十行")
    told = shortened(lines_of(before, now))
    assert told[0] is None
    assert told[-1] is None
    shown = [line for line in told if line is not None]
    assert len(shown) == 2 * AROUND + 1
    assert "".join(piece.text for piece in shown[0]) == "第8行"


def test_only_fields_that_differ_are_told_in_their_order() -> None:
    found = differences(
        {"title": "旧", "body": "同", "minutes": ""},
        {"title": "新", "body": "同", "minutes": "90 分钟"},
        {"minutes": "时长", "title": "标题", "body": "正文"},
    )
    assert [(change.name, change.label) for change in found] == [
        ("minutes", "时长"),
        ("title", "标题"),
    ]
