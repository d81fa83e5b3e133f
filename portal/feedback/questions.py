"""The questions of a questionnaire: what may be asked, and how it is kept. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.errors import InvalidInputError

# Few questions are answered; more than these are not.
MOST_QUESTIONS = 6
FEWEST_OPTIONS, MOST_OPTIONS = 2, 8
LONGEST_QUESTION = 60
LONGEST_OPTION = 30
LONGEST_TEXT = 500

# What a reply to a question is: the numbers of the options chosen, or words; empty is none.
Reply = frozenset[int] | str


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "scale": "五级评价",
            "single": "单选",
            "multiple": "多选",
            "text": "自由填写",
        }[self.value]


# The five steps of a scale in words, the best first, when a question brings none of its own.
STEPS = ("很满意", "比较满意", "一般", "不太满意", "很不满意")


@dataclass(frozen=True)
class Question:
    """One question; `options` are the steps of a scale or what can be chosen, none for words."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...] = ()


def question(kind: QuestionKind, text: str, options: Sequence[str] = ()) -> Question:
    """Return a question that may be asked; raise InvalidInputError that says what is wrong.

    A scale has five steps, the usual words if it brings none; words are answered freely.
    """
    if not text:
        raise InvalidInputError("请写出题目。")
    if len(text) > LONGEST_QUESTION:
        raise InvalidInputError(f"题目最多 {LONGEST_QUESTION} 个字。")
    given = tuple(option for option in options if option)
    if kind is QuestionKind.TEXT:
        return Question(kind, text)
    if kind is QuestionKind.SCALE:
        given = given or STEPS
        if len(given) != len(STEPS):
            raise InvalidInputError(
                "五级评价要写五行，从最好到最差；不写就用“很满意”到“很不满意”。"
            )
    elif not FEWEST_OPTIONS <= len(given) <= MOST_OPTIONS:
        raise InvalidInputError(f"选择题要有 {FEWEST_OPTIONS} 到 {MOST_OPTIONS} 个选项，每行一个。")
    if any(len(option) > LONGEST_OPTION for option in given):
        raise InvalidInputError(f"每个选项最多 {LONGEST_OPTION} 个字。")
    if len(set(given)) < len(given):
        raise InvalidInputError("有两个选项写的是一样的，请改一个。")
    return Question(kind, text, given)


def kept(questions: Sequence[Question]) -> str:
    """Return the questions as they are kept."""
    rows = [{"kind": one.kind.value, "text": one.text, "options": one.options} for one in questions]
    return json.dumps(rows, ensure_ascii=False)


def read(text: str) -> tuple[Question, ...]:
    """Return questions that were `kept`."""
    return tuple(
        Question(QuestionKind(row["kind"]), row["text"], tuple(row["options"]))
        for row in json.loads(text)
    )


def check(questions: Sequence[Question]) -> None:
    """Raise InvalidInputError unless these make a questionnaire: one to six, no two alike."""
    if not questions:
        raise InvalidInputError("问卷至少要有一道题。")
    if len(questions) > MOST_QUESTIONS:
        raise InvalidInputError(f"问卷最多 {MOST_QUESTIONS} 道题，题少才有人愿意答。")
    if len({one.text for one in questions}) < len(questions):
        raise InvalidInputError("有两道题的题目是一样的，请改一道。")


def check_replies(questions: Sequence[Question], replies: Sequence[Reply]) -> None:
    """Raise InvalidInputError unless the replies fit the questions and say anything at all."""
    if len(replies) != len(questions) or not all(map(_fits, questions, replies)):
        raise InvalidInputError("提交的内容与问卷对不上，请重新填写。")
    if not any(replies):
        raise InvalidInputError("一道题也没有答。至少答一道再提交；不想填可以直接离开。")


def _fits(asked: Question, reply: Reply) -> bool:
    if isinstance(reply, str):
        return asked.kind is QuestionKind.TEXT and len(reply) <= LONGEST_TEXT
    if asked.kind is QuestionKind.TEXT or not reply <= set(range(len(asked.options))):
        return asked.kind is QuestionKind.TEXT and not reply
    return asked.kind is QuestionKind.MULTIPLE or len(reply) <= 1


@dataclass(frozen=True)
class Standard:
    """A questionnaire that everybody may use as it is, or take as a beginning."""

    key: str
    name: str
    questions: tuple[Question, ...]


_SCALE, _SINGLE, _MULTIPLE, _TEXT = QuestionKind
_ADVICE = Question(_TEXT, "还有什么建议？")
STANDARDS: tuple[Standard, ...] = (
    Standard(
        "general",
        "通用问卷",
        (
            Question(_SCALE, "总的来说，您对这次活动满意吗？", STEPS),
            Question(_SINGLE, "活动的时长合适吗？", ("偏短", "正合适", "偏长")),
            Question(
                _MULTIPLE,
                "哪些地方还可以改进？",
                ("内容", "时间安排", "场地", "现场组织", "通知方式"),
            ),
            _ADVICE,
        ),
    ),
    Standard(
        "lesson",
        "主题党课问卷",
        (
            Question(
                _SCALE,
                "这堂课对您有帮助吗？",
                ("很有帮助", "比较有帮助", "一般", "帮助不大", "没有帮助"),
            ),
            Question(_SINGLE, "内容听得懂、记得住吗？", ("听得懂也记得住", "听得懂", "有些难懂")),
            Question(
                _MULTIPLE,
                "您喜欢哪种讲法？",
                ("讲故事", "看现场", "动手做", "分组讨论", "看图片和视频"),
            ),
            Question(_TEXT, "下一堂课您想听什么？"),
        ),
    ),
    Standard(
        "visit",
        "参观走访问卷",
        (
            Question(_SCALE, "您对这次参观走访满意吗？", STEPS),
            Question(_SINGLE, "停留的时间够吗？", ("不够", "正好", "太长")),
            Question(
                _MULTIPLE, "哪些做法值得带回去？", ("党建引领", "物业服务", "议事协商", "为老服务")
            ),
            _ADVICE,
        ),
    ),
)


def standard(key: str) -> Standard | None:
    """Return the standard questionnaire of that key."""
    return next((one for one in STANDARDS if one.key == key), None)
