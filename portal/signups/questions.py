"""Questions of a sign-up: how hosts write them, and what counts as an answer. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from portal.errors import InvalidInputError
from portal.people.naming import plain_text
from portal.signups.question_models import LONGEST_ANSWER, QuestionKind

MOST_QUESTIONS = 5
MOST_CHOICES = 12
LONGEST_LABEL = 60
LONGEST_CHOICE = 40
_LIMIT = re.compile(r"^(?P<label>.*\S)\s*[:：]\s*(?P<most>\d{1,5})\s*(?:个|人|份|名)?$")
_NUMBER = re.compile(r"\d{1,6}")


@dataclass(frozen=True)
class Choice:
    """One answer to choose from, how many may choose it, how many have."""

    label: str
    most: int | None = None
    id: int = 0
    taken: int = 0

    @property
    def left(self) -> int | None:
        """Return how many more may choose it; None is no limit."""
        return None if self.most is None else max(0, self.most - self.taken)


@dataclass(frozen=True)
class Question:
    """One question; only a choice has choices."""

    label: str
    kind: QuestionKind
    is_required: bool = False
    choices: Sequence[Choice] = ()
    id: int = 0

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"q-{self.id}"

    @property
    def shape(self) -> tuple[object, ...]:
        """What may not change once somebody has answered: all but the limits."""
        labels = tuple(choice.label for choice in self.choices)
        return self.label, self.kind, self.is_required, labels


@dataclass(frozen=True)
class Given:
    """A valid answer."""

    question_id: int
    words: str
    choice_id: int | None = None


def written_choices(text: str) -> list[Choice]:
    """Return the choices that a host has written, one a line: "午餐A：20" lets 20 choose it.

    Raises InvalidInputError for too few, too many, too long or twice the same.
    """
    choices = []
    for line in filter(None, map(plain_text, text.splitlines())):
        limit = _LIMIT.match(line)
        label = limit["label"] if limit else line
        most = int(limit["most"]) if limit else None
        if most == 0:
            raise InvalidInputError(f"“{label}”的名额要大于 0，不限就不写。")
        if len(label) > LONGEST_CHOICE:
            raise InvalidInputError(f"选项“{label[:10]}…”最多 {LONGEST_CHOICE} 个字。")
        choices.append(Choice(label, most))
    if not 1 < len(choices) <= MOST_CHOICES:
        raise InvalidInputError(f"选择题要有 2 到 {MOST_CHOICES} 个选项，一行一个。")
    if len({choice.label for choice in choices}) < len(choices):
        raise InvalidInputError("有两个选项相同。")
    return choices


def answers_to(
    questions: Sequence[Question], typed: Mapping[str, str], *, held: Mapping[int, int | None]
) -> list[Given]:
    """Return the answers that were typed, by name of field; empty ones are none.

    A choice that is full is refused unless it is `held` already (question to choice). Raises
    InvalidInputError that names the field.
    """
    given = []
    for question in questions:
        words = plain_text(typed.get(question.field, ""))
        if not words:
            if question.is_required:
                raise InvalidInputError(f"请回答“{question.label}”。", field=question.field)
            continue
        given.append(_answer(question, words, held.get(question.id)))
    return given


def after_choices(questions: Sequence[Question], given: Sequence[Given]) -> list[Question]:
    """Return the questions as they stand once these answers are taken: fewer may be left."""
    chosen = {one.choice_id for one in given if one.choice_id is not None}
    return [
        replace(
            question,
            choices=[
                replace(choice, taken=choice.taken + 1) if choice.id in chosen else choice
                for choice in question.choices
            ],
        )
        for question in questions
    ]


def _answer(question: Question, words: str, held: int | None) -> Given:
    if question.kind is QuestionKind.NUMBER:
        if not _NUMBER.fullmatch(words):
            raise InvalidInputError(f"“{question.label}”请填写数字。", field=question.field)
        return Given(question.id, str(int(words)))
    if question.kind is QuestionKind.TEXT:
        if len(words) > LONGEST_ANSWER:
            raise InvalidInputError(f"最多 {LONGEST_ANSWER} 个字。", field=question.field)
        return Given(question.id, words)
    chosen = next((one for one in question.choices if str(one.id) == words), None)
    if chosen is None:
        raise InvalidInputError(f"请选择“{question.label}”。", field=question.field)
    if chosen.left == 0 and chosen.id != held:
        raise InvalidInputError(f"“{chosen.label}”已满，请选别的。", field=question.field)
    return Given(question.id, chosen.label, chosen.id)
