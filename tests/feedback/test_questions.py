"""What may be asked, and how it is read back."""

import pytest

from portal.errors import InvalidInputError
from portal.feedback import questions as asked
from portal.feedback.questions import Question, QuestionKind, Reply

SCALE, SINGLE, MULTIPLE, TEXT = QuestionKind


@pytest.mark.parametrize("standard", asked.STANDARDS, ids=lambda one: one.key)
def test_the_standard_questionnaires_keep_the_rules(standard: asked.Standard) -> None:
    asked.check(standard.questions)
    for one in standard.questions:
        assert asked.question(one.kind, one.text, one.options) == one
    assert asked.read(asked.kept(standard.questions)) == standard.questions
    assert asked.standard(standard.key) is standard


def test_an_unknown_key_is_no_standard() -> None:
    assert asked.standard("x") is None


def test_a_scale_without_words_has_the_usual_five() -> None:
    assert asked.question(SCALE, "满意吗？").options == asked.STEPS
    assert asked.question(SCALE, "满意吗？", ["", ""]).options == asked.STEPS


def test_words_have_no_options() -> None:
    assert asked.question(TEXT, "建议？", ["甲", "乙"]).options == ()


@pytest.mark.parametrize(
    ("kind", "text", "options", "says"),
    [
        (SINGLE, "", ["甲", "乙"], "请写出题目"),
        (SINGLE, "问" * 61, ["甲", "乙"], "最多 60 个字"),
        (SINGLE, "问", ["甲"], "2 到 8 个选项"),
        (MULTIPLE, "问", list("甲乙丙丁戊己庚辛壬"), "2 到 8 个选项"),
        (SCALE, "问", list("甲乙丙丁"), "五行"),
        (SINGLE, "问", ["甲", "甲"], "一样"),
        (SINGLE, "问", ["甲" * 31, "乙"], "最多 30 个字"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    kind: QuestionKind, text: str, options: list[str], says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        asked.question(kind, text, options)


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        ((), "至少"),
        (tuple(Question(TEXT, f"问{n}") for n in range(7)), "最多 6 道题"),
        ((Question(TEXT, "问"), Question(TEXT, "问")), "一样"),
    ],
)
def test_a_questionnaire_has_one_to_six_different_questions(
    questions: tuple[Question, ...], says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        asked.check(questions)


QUESTIONS = (
    Question(SCALE, "一", asked.STEPS),
    Question(MULTIPLE, "二", ("甲", "乙")),
    Question(TEXT, "三"),
)
NONE: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    "replies",
    [
        (frozenset({0}), frozenset({0, 1}), "好"),
        (NONE, NONE, "好"),
        (frozenset({4}), NONE, ""),
        (NONE, frozenset({1}), NONE),
    ],
)
def test_replies_that_fit(replies: tuple[Reply, ...]) -> None:
    asked.check_replies(QUESTIONS, replies)


@pytest.mark.parametrize(
    "replies",
    [
        (NONE, NONE, ""),  # says nothing at all
        (frozenset({0}), NONE),  # one too few
        (frozenset({0, 1}), NONE, ""),  # two steps of a scale
        (frozenset({5}), NONE, ""),  # no such step
        (frozenset({-1}), NONE, ""),
        (NONE, frozenset({2}), ""),
        ("好", NONE, ""),  # words for a scale
        (NONE, NONE, frozenset({0})),  # an option for words
        (NONE, NONE, "好" * 501),
    ],
)
def test_replies_that_do_not_fit_are_refused(replies: tuple[Reply, ...]) -> None:
    with pytest.raises(InvalidInputError):
        asked.check_replies(QUESTIONS, replies)
