"""What is a name in a pasted list, and whom it means."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.people.name_matching import Known, Roster, Verdict, match
from portal.people.naming import written_name
from portal.people.pasted_lists import Written, written_in


def named(text: str) -> list[str]:
    return [one.name for one in written_in(text) if one.is_sure]


EXAMPLES = [
    ("1. 张三\n2. 李四", ["张三", "李四"]),
    ("1、张三\n2、李四 13800001234", ["张三", "李四"]),
    ("1张三\n2李四", ["张三", "李四"]),
    ("１．张三\n２．李四", ["张三", "李四"]),
    ("（1）张三\n（2）李四", ["张三", "李四"]),
    ("1）张三\n2）李四", ["张三", "李四"]),
    ("①张三\n②李四", ["张三", "李四"]),
    ("1️⃣ 张三\n2️⃣ 李四", ["张三", "李四"]),
    ("3号、张三\n4号、李四", ["张三", "李四"]),
    ("#接龙\n12月3日主题党日\n\n1. 张三\n2. 李四", ["张三", "李四"]),
    ("接龙报名，请大家按顺序填写\n1 张三\n收到", ["张三"]),
    ("#接龙\n例：姓名 电话\n1. 张三", ["张三"]),
    ("1. 🌹张三🌹\n2. 李四👍👍", ["张三", "李四"]),
    ("1. 张三+1\n2. 李四 +2人", ["张三", "李四"]),
    ("1. 张三（家属）\n2. 李四(自驾)", ["张三", "李四"]),
    ("1. 张三，晚到十分钟\n2. 李四 素食", ["张三", "李四"]),
    ("1. 张　三\n2. 李 四", ["张三", "李四"]),
    ("1.张三\t第一支部\t13800001234", ["张三"]),
    ("张三\n李四\n王五", ["张三", "李四", "王五"]),
    ("张三、李四、王五", ["张三", "李四", "王五"]),
    ("张三，李四,王五；赵六", ["张三", "李四", "王五", "赵六"]),
    ("张三 李四 王五", ["张三", "李四", "王五"]),
    ("张三 第一支部 13800001234", ["张三"]),
    ("张三，13800001234，第一支部\n李四，13800001235，第二支部", ["张三", "李四"]),
    ("张三13800001234", ["张三"]),
    ("张三 138 0000 1234", ["张三"]),
    ("姓名：张三 电话：13800001234", ["张三"]),
    ("报名名单：\n张三\n李四", ["张三", "李四"]),
    ("12月3日上午9:30\n张三", ["张三"]),
    ("2026年12月3日\n张三", ["张三"]),
    ("10:30 集合\n张三", ["张三"]),
    ("阿依古丽·买买提\n阿依古丽•买买提", ["阿依古丽·买买提", "阿依古丽·买买提"]),
    ("欧阳娜娜 尾号1234", ["欧阳娜娜"]),
    ("John Smith", ["John Smith"]),
    ("1. 欧阳不在册", ["欧阳不在册"]),
    ("1. 第一支部", []),
    ("", []),
    ("\n \n", []),
    ("第一支部", []),
    ("12345", []),
    ("😀😀", []),
]


@pytest.mark.parametrize(("text", "names"), EXAMPLES)
def test_names_are_read_from_lists_as_people_type_them(text: str, names: list[str]) -> None:
    assert named(text) == names


@pytest.mark.parametrize(
    ("line", "phone", "besides"),
    [
        ("1. 张三 13800001234", "13800001234", 0),
        ("1. 张三 138-0000-1234", "13800001234", 0),
        ("1. 张三 +86 13800001234", "13800001234", 0),
        ("1. 张三 １３８００００１２３４", "13800001234", 0),
        ("张三 尾号1234", "1234", 0),
        ("1. 张三+1", "", 1),
        ("1. 张三 13800001234 +2", "13800001234", 2),
        ("1. 张三", "", 0),
    ],
)
def test_phone_and_companions_stand_beside_the_name(line: str, phone: str, besides: int) -> None:
    (one,) = written_in(line)
    assert (one.name, one.phone, one.besides) == ("张三", phone, besides)


def test_what_may_be_a_remark_is_kept_and_left_to_the_roster() -> None:
    unsure = [one.name for one in written_in("#接龙\n1. 张三，李四\n吴十一") if not one.is_sure]
    assert unsure == ["", "李四", "吴十一"]


def squeezed(text: str) -> str:
    return "".join(written_name(text).name.split()).replace("·", "").replace(".", "")


PIECES = st.sampled_from(
    [
        *("1. ", "2、", "③", "4️⃣", "１", "张三", "李四", "王 五", "欧阳娜娜", "·", "参加"),
        *("13800001234", "+1", "，", "、", "：", "\n", "\n", "\t", " "),
        *("（家属）", "🌹", "#接龙", "12月3日", "第一支部"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map("".join)))
def test_no_text_is_too_odd_and_no_name_is_invented_or_moved(text: str) -> None:
    entries = written_in(text)
    lines = [line.strip() for line in text.splitlines()]
    place = 0
    for one in entries:
        place = lines.index(one.line, place)  # the entries keep the order of the lines
        if one.name.isascii() or not one.is_sure:
            continue
        han = list(squeezed(one.line))
        rest = iter(han)
        assert all(mark in rest for mark in squeezed(one.name)), (one, han)


ROSTER = Roster(
    [
        Known(1, "张伟", "13900000001", "第一支部"),
        Known(2, "张伟", "13900000002", "第二支部"),
        Known(3, "李晓明", "", "第一支部"),
        Known(4, "王芳", "13900000004", "第一支部"),
        Known(5, "王喜来", "13900000005", "第一支部"),
    ]
)


@pytest.mark.parametrize(
    ("line", "verdict", "ids"),
    [
        ("1. 王芳", Verdict.CERTAIN, [4]),
        ("1. 王芳参加", Verdict.CERTAIN, [4]),
        ("1. 王喜来", Verdict.CERTAIN, [5]),
        ("1. 张伟", Verdict.DOUBTFUL, [1, 2]),
        ("1. 张伟 0002", Verdict.CERTAIN, [2]),
        ("1. 张伟 第二支部", Verdict.CERTAIN, [2]),
        ("1. 张伟 13911111111", Verdict.DOUBTFUL, [1, 2]),
        ("1. 王芳 13911111111", Verdict.DOUBTFUL, [4]),
        ("1. 李晓明 13911111111", Verdict.CERTAIN, [3]),
        ("1. 李小明", Verdict.DOUBTFUL, [3]),
        ("1. 李晓亮", Verdict.DOUBTFUL, [3]),
        ("1. 王方", Verdict.DOUBTFUL, [4]),
        ("1. 王芳两位", Verdict.DOUBTFUL, [4]),
        ("1. 王军", Verdict.UNKNOWN, []),
        ("1. 13900000004", Verdict.CERTAIN, [4]),
        ("1. 王老师 13900000004", Verdict.DOUBTFUL, [4]),
        ("1. 13911111111", Verdict.UNKNOWN, []),
        ("#接龙", Verdict.REMARK, []),
    ],
)
def test_the_certain_are_found_the_doubtful_asked_the_rest_unknown(
    line: str, verdict: Verdict, ids: list[int]
) -> None:
    (one,) = match(written_in(line), ROSTER)
    assert (one.verdict, [person.id for person in one.people]) == (verdict, ids)


def test_a_remark_names_somebody_only_if_the_roster_says_so() -> None:
    found = match(written_in("#接龙\n1. 李晓明，王芳\n谢谢大家\n王喜来"), ROSTER)
    assert [(one.verdict, [person.id for person in one.people]) for one in found] == [
        (Verdict.REMARK, []),
        (Verdict.CERTAIN, [3]),
        (Verdict.CERTAIN, [4]),
        (Verdict.REMARK, []),
        (Verdict.CERTAIN, [5]),
    ]


def test_somebody_written_twice_is_certain_once() -> None:
    found = match([Written("王芳", "王芳"), Written("王芳", "王芳")], ROSTER)
    assert [one.verdict for one in found] == [Verdict.CERTAIN, Verdict.REPEATED]
