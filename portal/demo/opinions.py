"""What the people of the demo think of an event: invented, kind on the whole."""

import random
from collections.abc import Sequence

from portal.demo import organisations as places
from portal.demo.world import World
from portal.feedback.questions import Question, QuestionKind, Reply
from portal.feedback.services import write_template

# How many of a hundred choose the first option, the second, ...
_WEIGHTS = (46, 34, 12, 6, 2, 1, 1, 1)
_LEFT_OUT = 0.1
_HAS_WORDS = 0.3
_WORDS = (
    "现场看比坐着听记得牢，下次还来。",
    "时间再宽裕一点就好了，答问环节没有问够。",
    "讲得明白，例子都是身边的事。",
    "希望多讲讲老旧楼院怎么议事、怎么筹钱。",
    "建议把材料提前发，年纪大的同志好先看一遍。",
    "话筒声音有点小，后排听不太清。",
    "想听听电动车充电、飞线整治的做法。",
    "路上走得快，腿脚不好的同志跟得有些吃力。",
    "能不能把几个点位做成一张路线图，回去讲给邻居听。",
    "通知得早，时间安排得开，很好。",
    "下一次想看看为老服务食堂。",
    "座位排得紧，可以分成两批。",
)

_OF_THE_COMMUNITY = (
    Question(
        QuestionKind.SCALE,
        "三个点位的安排顺路吗？",
        ("很顺路", "比较顺路", "一般", "有些绕", "很绕"),
    ),
    Question(
        QuestionKind.SINGLE,
        "哪个点位印象最深？",
        ("红色物业示范点", "为老服务中心", "中国水准零点"),
    ),
    Question(QuestionKind.TEXT, "您的楼院里有什么事想请社区来看一看？"),
)


def write_questionnaire(world: World) -> None:
    """Let the secretary of 汕头路 write a questionnaire of the community's own."""
    write_template(
        organisation=world.organisations[places.SHANTOU],
        name="系列党课三个点位",
        questions=_OF_THE_COMMUNITY,
        actor=world.persons["secretary"],
    )


def replies(questions: Sequence[Question], chance: random.Random) -> tuple[Reply, ...]:
    """Return one person's replies; at least the first question is answered."""
    return tuple(
        frozenset({chance.choices(range(len(asked.options)), _WEIGHTS[: len(asked.options)])[0]})
        if number == 0
        else _reply(asked, chance)
        for number, asked in enumerate(questions)
    )


def _reply(asked: Question, chance: random.Random) -> Reply:
    if asked.kind is QuestionKind.TEXT:
        return chance.choice(_WORDS) if chance.random() < _HAS_WORDS else ""
    if chance.random() < _LEFT_OUT:
        return frozenset()
    options = range(len(asked.options))
    if asked.kind is QuestionKind.MULTIPLE:
        return frozenset(chance.sample(options, chance.choice((1, 1, 2, 2, 3))))
    if asked.kind is QuestionKind.SINGLE:
        middle = (20, 68, 12, 5, 5, 5, 5, 5)
        return frozenset({chance.choices(options, middle[: len(options)])[0]})
    return frozenset({chance.choices(options, _WEIGHTS[: len(options)])[0]})
