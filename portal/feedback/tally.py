"""What is kept of answers: numbers for each option, and words in no order. Pure.

There is no row for an answer. A reply is added to the numbers of its question at once, so
that nobody, with whatever access, can read what one person answered to two questions.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from portal.feedback.questions import Question, QuestionKind, Reply


@dataclass(frozen=True)
class Tally:
    """How many answered at all, each question, and each of its options; and the words."""

    answers: int
    answered: tuple[int, ...]
    counts: tuple[tuple[int, ...], ...]
    texts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    """An option of a question: how many chose it, of those who answered the question."""

    option: str
    count: int
    share: Decimal

    @property
    def percent(self) -> str:
        """The share in per cent, without decimals, half up."""
        return f"{self.share.quantize(Decimal(1), rounding=ROUND_HALF_UP)}%"


@dataclass(frozen=True)
class Figure:
    """The result of one question: bars or words, and the number of answers behind them."""

    question: Question
    answered: int
    bars: tuple[Bar, ...]
    texts: tuple[str, ...]


def empty(questions: Sequence[Question]) -> Tally:
    """Return the tally of no answers."""
    return Tally(
        0,
        (0,) * len(questions),
        tuple((0,) * len(one.options) for one in questions),
        ((),) * len(questions),
    )


def with_answer(tally: Tally, replies: Sequence[Reply], chance: random.Random) -> Tally:
    """Return the tally with one more answer, its words at a place that `chance` decides."""
    one = Tally(
        1,
        tuple(1 if reply else 0 for reply in replies),
        tuple(
            tuple(
                1 if isinstance(reply, frozenset) and number in reply else 0
                for number in range(len(counts))
            )
            for reply, counts in zip(replies, tally.counts, strict=True)
        ),
        tuple((reply,) if isinstance(reply, str) and reply else () for reply in replies),
    )
    return together(tally, one, chance)


def together(one: Tally, other: Tally, chance: random.Random) -> Tally:
    """Return both tallies as one, all words in a new order."""
    texts = []
    for mine, theirs in zip(one.texts, other.texts, strict=True):
        mixed = [*mine, *theirs]
        chance.shuffle(mixed)
        texts.append(tuple(mixed))
    return Tally(
        one.answers + other.answers,
        tuple(map(sum, zip(one.answered, other.answered, strict=True))),
        tuple(
            tuple(map(sum, zip(mine, theirs, strict=True)))
            for mine, theirs in zip(one.counts, other.counts, strict=True)
        ),
        tuple(texts),
    )


def shown(
    released: Tally, held: Tally, *, least: int, is_closed: bool, chance: random.Random
) -> Tally | None:
    """Return what may be looked at; None while it stands for fewer than `least` answers.

    Answers are held back until there are `least` of them, so that nobody can watch a page
    and see what one person has added. When the questionnaire is closed the rest is shown.
    """
    visible = together(released, held, chance) if is_closed else released
    return visible if visible.answers >= max(least, 1) else None


def figures(questions: Sequence[Question], tally: Tally) -> list[Figure]:
    """Return the result of each question."""
    return [
        Figure(
            one,
            tally.answered[at],
            ()
            if one.kind is QuestionKind.TEXT
            else tuple(
                Bar(option, count, _share(count, tally.answered[at]))
                for option, count in zip(one.options, tally.counts[at], strict=True)
            ),
            tally.texts[at],
        )
        for at, one in enumerate(questions)
    ]


def _share(count: int, answered: int) -> Decimal:
    return Decimal(count * 100) / Decimal(answered) if answered else Decimal(0)


def kept(tally: Tally) -> str:
    """Return the tally as it is kept."""
    return json.dumps(
        {
            "answers": tally.answers,
            "answered": tally.answered,
            "counts": tally.counts,
            "texts": tally.texts,
        },
        ensure_ascii=False,
    )


def read(text: str) -> Tally:
    """Return a tally that was `kept`."""
    found = json.loads(text)
    return Tally(
        found["answers"],
        tuple(found["answered"]),
        tuple(map(tuple, found["counts"])),
        tuple(map(tuple, found["texts"])),
    )
