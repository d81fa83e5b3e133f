"""Counting answers: nothing is lost, nothing is in order, nothing is shown too early."""

import random
from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.feedback import tally
from portal.feedback.questions import QuestionKind, Reply
from tests.feedback.conftest import HAPPY, QUESTIONS, SOUR

CHANCE = random.Random(7)

_options = st.tuples(
    st.frozensets(st.integers(0, 4), max_size=1),
    st.frozensets(st.integers(0, 2), max_size=1),
    st.frozensets(st.integers(0, 2)),
    st.text(max_size=5),
)
_answers = st.lists(_options.filter(any), max_size=30)


def tally_of(answers: list[tuple[Reply, ...]]) -> tally.Tally:
    found = tally.empty(QUESTIONS)
    for replies in answers:
        found = tally.with_answer(found, replies, CHANCE)
    return found


@given(_answers)
def test_every_reply_is_counted_once(answers: list[tuple[Reply, ...]]) -> None:
    found = tally_of(answers)
    assert found.answers == len(answers)
    for at, asked in enumerate(QUESTIONS):
        replies = [replies[at] for replies in answers if replies[at]]
        assert found.answered[at] == len(replies)
        if asked.kind is QuestionKind.TEXT:
            assert Counter(found.texts[at]) == Counter(replies)
        else:
            chosen = Counter(number for reply in replies for number in reply)
            assert found.counts[at] == tuple(chosen[n] for n in range(len(asked.options)))
        if asked.kind in {QuestionKind.SCALE, QuestionKind.SINGLE}:
            assert sum(found.counts[at]) == found.answered[at]
    assert tally.read(tally.kept(found)) == found


@given(_answers, _answers)
def test_two_tallies_together_are_the_tally_of_all(
    some: list[tuple[Reply, ...]], others: list[tuple[Reply, ...]]
) -> None:
    both = tally.together(tally_of(some), tally_of(others), CHANCE)
    whole = tally_of([*some, *others])
    assert (both.answers, both.answered, both.counts) == (
        whole.answers,
        whole.answered,
        whole.counts,
    )
    assert [sorted(texts) for texts in both.texts] == [sorted(texts) for texts in whole.texts]


@given(st.integers(0, 12), st.integers(0, 5), st.integers(1, 5), st.booleans())
def test_less_than_enough_is_never_shown(
    released: int, held: int, least: int, is_closed: bool
) -> None:
    shown = tally.shown(
        tally_of([HAPPY] * released),
        tally_of([SOUR] * held),
        least=least,
        is_closed=is_closed,
        chance=CHANCE,
    )
    whole = released + held if is_closed else released
    assert (shown is not None) == (whole >= least)
    if shown is not None:
        assert shown.answers == whole


def test_words_do_not_keep_the_order_in_which_they_came() -> None:
    words = [f"第{number}个" for number in range(12)]
    nothing: frozenset[int] = frozenset()
    found = tally_of([(nothing, nothing, nothing, text) for text in words])
    assert sorted(found.texts[3]) == sorted(words)
    assert list(found.texts[3]) != words


def test_shares_are_of_those_who_answered_the_question() -> None:
    figures = tally.figures(QUESTIONS, tally_of([HAPPY, HAPPY, SOUR]))
    assert [figure.answered for figure in figures] == [3, 2, 2, 2]
    assert [bar.count for bar in figures[0].bars] == [2, 0, 0, 0, 1]
    assert [bar.percent for bar in figures[0].bars] == ["67%", "0%", "0%", "0%", "33%"]
    assert figures[1].bars[1].share == Decimal(100)
    assert [bar.percent for bar in figures[2].bars] == ["100%", "0%", "100%"]
    assert figures[3].bars == ()
    assert tally.figures(QUESTIONS, tally.empty(QUESTIONS))[0].bars[0].percent == "0%"
