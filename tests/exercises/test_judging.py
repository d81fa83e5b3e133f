"""Not one character wrong, not one option wrong: what is right, and how a mistake is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import InvalidInputError
from portal.exercises.judging import Mark, is_right, judge, pieces_of, visible, written
from portal.exercises.models import FieldKind, Stage

TEXT, NUMBER, DATE = FieldKind.TEXT, FieldKind.NUMBER, FieldKind.DATE
SINGLE, MULTIPLE = FieldKind.SINGLE, FieldKind.MULTIPLE
texts = st.text(st.sampled_from("王䶮路12１２ 　号aＡ"), max_size=12)


@given(texts, texts)
def test_both_texts_can_be_read_from_the_pieces(typed: str, wanted: str) -> None:
    pieces = pieces_of(typed, wanted)
    assert "".join(piece.typed for piece in pieces) == typed
    assert "".join(piece.wanted for piece in pieces) == wanted
    for piece in pieces:
        assert (piece.typed == piece.wanted) == (piece.mark is Mark.RIGHT)
        assert piece.mark is not Mark.WRONG or len(piece.typed) == len(piece.wanted)


@given(texts, texts)
def test_right_is_only_the_same(typed: str, wanted: str) -> None:
    verdict = judge(TEXT, typed, wanted)
    assert verdict.is_right == (typed == wanted) == is_right(typed, wanted)
    assert verdict.is_right == all(piece.mark is Mark.RIGHT for piece in verdict.pieces)


@pytest.mark.parametrize(
    ("typed", "wanted", "note"),
    [
        ("１2号", "12号", "“１”是全角的，应当用半角的“1”。"),
        ("12号", "１2号", "“1”是半角的，应当用全角的“１”。"),
        ("王小明 ", "王小明", "开头或末尾多了空格。"),
        ("王 小明", "王小明", "多了空格。"),
        ("王小明", "王 小明", "少了空格。"),
        ("王　小明", "王 小明", "全角空格应当是空格。"),
        ("a座", "A座", "“a”应当是“A”，大小写不同。"),
        ("", "王小明", "没有填。"),
        ("王-小明", "王 小明", "“-”应当是“␣”（␣ 表示空格）。"),
    ],
)
def test_what_the_eye_does_not_see_is_explained(typed: str, wanted: str, note: str) -> None:
    assert note in judge(TEXT, typed, wanted).notes


def test_the_wrong_character_is_marked_and_no_other() -> None:
    pieces = judge(TEXT, "汕头路13号", "汕头路12号").pieces
    assert [(piece.mark, piece.shown, piece.wanted) for piece in pieces] == [
        (Mark.RIGHT, "汕头路1", "汕头路1"),
        (Mark.WRONG, "3", "2"),
        (Mark.RIGHT, "号", "号"),
    ]
    (missing,) = [piece for piece in pieces_of("汕路", "汕头路") if piece.mark is Mark.MISSING]
    assert missing.shown == "头"
    assert visible("a b　c") == "a␣b␣c"


def test_choices_are_told_one_by_one() -> None:
    verdict = judge(MULTIPLE, "看书\n跑步", "看书\n下棋")
    assert [(piece.mark, piece.typed or piece.wanted) for piece in verdict.pieces] == [
        (Mark.RIGHT, "看书"),
        (Mark.EXTRA, "跑步"),
        (Mark.MISSING, "下棋"),
    ]
    assert judge(SINGLE, "", "男").pieces[0].mark is Mark.MISSING
    assert judge(SINGLE, "男", "男").is_right


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (TEXT, " 王小明 ", " 王小明 "),
        (TEXT, "一\n二", "一 二"),
        (TEXT, "", ""),
        (NUMBER, " 007 ", "7"),
        (NUMBER, "3.50", "3.5"),
        (NUMBER, "100", "100"),
        (NUMBER, "-0", "0"),
        (NUMBER, " ", ""),
        (DATE, "2026-11-01", "2026-11-01"),
        (DATE, "", ""),
        (SINGLE, "女", "女"),
        (SINGLE, ["不存在"], ""),
        (MULTIPLE, ["女", "男", "女"], "男\n女"),
    ],
)
def test_how_an_answer_is_kept(kind: FieldKind, typed: str | list[str], kept: str) -> None:
    assert written(kind, typed, ["男", "女"], label="项") == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (NUMBER, "１２"),
        (NUMBER, "十二"),
        (NUMBER, "1e9"),
        (NUMBER, "1" * 16),
        (NUMBER, "NaN"),
        (NUMBER, "1,000"),
        (DATE, "2026-02-30"),
        (DATE, "昨天"),
        (TEXT, "字" * 201),
    ],
)
def test_what_can_be_no_answer_is_refused_with_its_name(kind: FieldKind, typed: str) -> None:
    with pytest.raises(InvalidInputError, match="门牌"):
        written(kind, typed, [], label="门牌")


def test_every_member_of_the_closed_sets_has_its_words() -> None:
    assert all(member.label for members in (FieldKind, Stage) for member in members)
