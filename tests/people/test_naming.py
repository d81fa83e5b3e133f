"""Names: one spelling, all readings, two orders."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.characters import STANDARD_CODE_POINTS, stroke_count
from portal.people.naming import (
    LONGEST_KEY,
    MIDDLE_DOT,
    name_fault,
    phone_keys,
    pinyin_key,
    search_keys,
    stroke_key,
    typed_key,
    written_name,
)

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张　三", "张三"),
        (" 张 三 ", "张三"),
        ("欧阳\u200b修", "欧阳修"),
        ("Ｊｏｈｎ　Smith", "John Smith"),
        *((f"买买提{dot}吐尔逊", "买买提·吐尔逊") for dot in "・•．‧·⋅･"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("王\ue863", "王䶮"),  # GBK's private code point
        ("李\ue81e", "李\u9fb4"),  # moved by GB 18030-2022
        ("赵\ue854", "赵\u9fba"),
        ("钱\ue816", "钱\U00020087"),
        ("\uf9d1某", "六某"),  # a compatibility ideograph, NFC
        ("王䶮", "王䶮"),
        ("赵㛃", "赵㛃"),
        ("吴𠅤", "吴𠅤"),
        ("韦\U0002ebf0", "韦\U0002ebf0"),  # newer than Python 3.11's Unicode
    ],
)
def test_a_name_has_one_spelling(typed: str, name: str) -> None:
    assert written_name(typed).name == name
    assert name_fault(name) is None


@pytest.mark.parametrize(
    ("typed", "name", "remarks"),
    [
        ("王芳（女）", "王芳", ("女",)),
        ("李明(预备)", "李明", ("预备",)),
        ("周红 （女） 【预备党员】", "周红", ("女", "预备党员")),
        ("（女）", "(女)", ()),
    ],
)
def test_remarks_behind_a_name_are_split_off(
    typed: str, name: str, remarks: tuple[str, ...]
) -> None:
    assert written_name(typed) == (name, remarks)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "没有姓名"),
        ("张", "只有一个字"),
        ("张3", "“3”"),
        ("=1+1", "“=”"),
        ("张😀", "“😀”"),
        ("<b>王", "“<”"),
        ("甲" * 61, "超过 60 个字"),
        ("王\ue000", "U+E000"),
        (". .", "没有文字"),
    ],
)
def test_what_is_no_name_is_said_why(name: str, reason: str) -> None:
    assert reason in (name_fault(name) or "")


def test_every_moved_code_point_becomes_a_standard_one() -> None:
    assert len([code for code in STANDARD_CODE_POINTS if code <= 0xE796]) == 10
    assert all(unicodedata.category(standard) != "Co" for standard in STANDARD_CODE_POINTS.values())
    assert STANDARD_CODE_POINTS[0xE78E] == "\ufe12"
    assert STANDARD_CODE_POINTS[0xE78F] == "\ufe11"
    assert STANDARD_CODE_POINTS[0xE864] == "\u9fbb"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "shanxiongx"),
        ("单雄信", "sxx"),
        ("单雄信", "dxx"),
        ("曾国藩", "zengguofan"),
        ("曾国藩", "zgf"),
        ("曾国藩", "cgf"),
        ("解学士", "xiexueshi"),
        ("解学士", "xxs"),
        ("仇英英", "qiuyingying"),
        ("查良良", "zll"),
        ("查良良", "zhaliang"),
        ("盖聂聂", "genie"),
        ("尉迟恭", "yuchigong"),
        ("尉迟恭", "ycg"),
        ("单于雷", "chanyulei"),
        ("吕布布", "lvbubu"),
        ("吕布布", "lububu"),
        ("吕布布", "lyububu"),
        ("张小明", "小明"),
        ("张小明", "xiaoming"),
        ("张小明", "xm"),
        ("张小明", "Zhang Xiao"),
        ("阿依古丽·买买提", "阿依古丽买"),
        ("阿依古丽·买买提", "阿依古丽・买"),
        ("阿依古丽·买买提", "买买提"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("王䶮", "wangyan"),
        ("王䶮", "wy"),
        ("吴𠅤", "wu"),
        ("John Smith", "smith"),
        ("John Smith", "johnsm"),
    ],
)
def test_a_name_is_found_by(name: str, typed: str) -> None:
    assert any(key.startswith(typed_key(typed)) for key in search_keys(name)), search_keys(name)


def test_a_phone_is_found_by_its_last_digits_only() -> None:
    (key,) = phone_keys("19900001234")
    assert key.startswith(typed_key("1234"))
    assert key.startswith(typed_key("０1234"))
    assert not key.startswith(typed_key("1990"))
    assert phone_keys("") == ()


def test_pinyin_order_reads_surnames_as_surnames() -> None:
    names = ["单一", "曾一", "丁一", "查一", "解一", "吕一", "路一"]
    assert sorted(names, key=pinyin_key) == ["丁一", "路一", "吕一", "单一", "解一", "曾一", "查一"]


def test_pinyin_order_goes_by_character_then_tone() -> None:
    names = ["李四", "黎明", "李三", "里仁"]
    assert sorted(names, key=pinyin_key) == ["黎明", "李三", "李四", "里仁"]


def test_stroke_order_counts_strokes_then_asks_the_first_stroke() -> None:
    # Four strokes: 横 王, 撇 毛, 点 方, 折 孔; then 5, 6, 7.
    names = ["李一", "丁一", "孔一", "毛一", "王一", "方一", "田一", "刘一", "王丁", "王一一"]
    assert sorted(names, key=stroke_key) == [
        *("丁一", "王一", "王一一", "王丁", "毛一", "方一", "孔一", "田一", "刘一", "李一")
    ]


@pytest.mark.parametrize(
    ("character", "strokes"),
    [("一", 1), ("范", 8), ("达", 6), ("䶮", 20), ("㛃", 9), ("𠅤", 11), ("𬱖", 11), ("a", 99)],
)
def test_rare_characters_have_strokes_too(character: str, strokes: int) -> None:
    assert stroke_count(character) == strokes


@given(st.text(max_size=80))
def test_spelling_a_name_twice_changes_nothing(text: str) -> None:
    once = written_name(text).name
    assert written_name(once).name == once
    assert MIDDLE_DOT * 2 not in once


@given(st.text(alphabet=HAN, min_size=1, max_size=60))
def test_keys_are_bounded_and_find_the_name(name: str) -> None:
    keys = search_keys(name)
    assert len(keys) < 400
    assert all(0 < len(key) <= LONGEST_KEY for key in keys)
    assert len(pinyin_key(name)) <= LONGEST_KEY
    assert len(stroke_key(name)) <= LONGEST_KEY
    assert any(key.startswith(typed_key(name[:4])) for key in keys)
