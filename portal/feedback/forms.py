"""Forms of the feedback room: answering, choosing a questionnaire, writing one."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.errors import InvalidInputError
from portal.feedback.models import LONGEST_NAME, MOST_DAYS
from portal.feedback.questions import (
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_TEXT,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Question,
    QuestionKind,
    Reply,
    question,
)
from portal.people.fields import NumberField, VersionField
from portal.people.models import Organisation
from portal.people.person_forms import choices_of
from portal.web.forms import Form, StringField, trimmed

NO_REPLY = "不回答"
# What is typed into the box of options at most: no question takes more.
_LONGEST_OPTIONS = 2 * MOST_OPTIONS * LONGEST_OPTION


class AnswerForm(Form):
    """The replies to a questionnaire; each question may be left out."""

    version = VersionField("版本")

    def fields_of(self, questions: Sequence[Question]) -> list[Any]:
        """Return the fields in the order of the questions."""
        return [self[f"q{number}"] for number in range(1, len(questions) + 1)]

    def replies(self, questions: Sequence[Question]) -> tuple[Reply, ...]:
        """Return what was replied to each question."""
        return tuple(
            _reply(asked, field)
            for asked, field in zip(questions, self.fields_of(questions), strict=True)
        )


def answer_form(questions: Sequence[Question], **values: Any) -> AnswerForm:
    """Return the form of these questions."""
    fields = {f"q{number}": _field(asked) for number, asked in enumerate(questions, 1)}
    form: AnswerForm = type("QuestionsForm", (AnswerForm,), fields)(**values)
    return form


def _field(asked: Question) -> Any:
    options = {str(number): option for number, option in enumerate(asked.options)}
    match asked.kind:
        case QuestionKind.TEXT:
            longest = Length(max=LONGEST_TEXT, message=f"最多 {LONGEST_TEXT} 个字。")
            return TextAreaField(asked.text, [longest])
        case QuestionKind.MULTIPLE:
            return SelectMultipleField(
                asked.text,
                choices=options,
                widget=ListWidget(prefix_label=False),
                option_widget=CheckboxInput(),
                description="可以选几项。",
            )
        case _:
            # A ticked circle cannot be cleared again without scripts: there is one for nothing.
            return RadioField(asked.text, choices={**options, "": NO_REPLY}, default="")


def _reply(asked: Question, field: Any) -> Reply:
    if asked.kind is QuestionKind.TEXT:
        return field.data or ""
    chosen = field.data if isinstance(field.data, list) else [field.data]
    return frozenset(int(number) for number in chosen if number)


class SettingForm(Form):
    """Which questionnaire an event has, and for how long."""

    questionnaire = RadioField("用哪份问卷", [InputRequired("请选一份问卷。")])
    days = NumberField(
        "活动结束后开放几天",
        [InputRequired("请填写天数。")],
        most=MOST_DAYS,
        description=f"1 到 {MOST_DAYS} 天，到期自动停止。",
    )
    version = VersionField("版本")


class TemplateForm(Form):
    """Name and questions of a questionnaire; a block without words is no question."""

    organisation = SelectField("哪个组织的模板", [InputRequired("请选一个组织。")])
    name = StringField(
        "模板名称",
        [
            InputRequired("请给模板起个名称。"),
            Length(max=LONGEST_NAME, message=f"名称最多 {LONGEST_NAME} 个字。"),
        ],
    )
    version = VersionField("版本")

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Offer the organisations for which the reader may write one."""
        self.organisation.choices = choices_of(organisations)

    def blocks(self) -> list[tuple[int, Any, Any, Any]]:
        """Return number, kind, text and options of each block."""
        return [
            (number, self[f"kind_{number}"], self[f"text_{number}"], self[f"options_{number}"])
            for number in range(1, MOST_QUESTIONS + 1)
        ]

    def questions(self) -> tuple[Question, ...] | None:
        """Return what was typed; None, the reason beside its field, if it cannot be asked."""
        found = []
        for _, kind, text, options in self.blocks():
            lines = [trimmed(line) or "" for line in (options.data or "").splitlines()]
            if not text.data and not any(lines):
                continue
            try:
                found.append(question(QuestionKind(kind.data), text.data or "", lines))
            except InvalidInputError as error:
                is_of_text = not text.data or len(text.data) > LONGEST_QUESTION
                place = text if is_of_text else options
                place.errors = [*place.errors, error.message]
        return None if self.errors else tuple(found)


def _blocks() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for number in range(1, MOST_QUESTIONS + 1):
        fields[f"kind_{number}"] = SelectField(
            "怎么答",
            [InputRequired("请选择怎么答。")],
            choices={kind.value: kind.label for kind in QuestionKind},
            default=QuestionKind.SCALE.value,
        )
        fields[f"text_{number}"] = StringField("题目")
        fields[f"options_{number}"] = TextAreaField(
            "选项",
            [Length(max=_LONGEST_OPTIONS, message="选项太长了。")],
            description="每行一个；自由填写不用写，五级评价不写就用“很满意”到“很不满意”。",
        )
    return fields


QuestionnaireForm: type[TemplateForm] = type("QuestionnaireForm", (TemplateForm,), _blocks())


def typed(questions: Sequence[Question]) -> Mapping[str, str]:
    """Return what a questionnaire's form is filled with."""
    values: dict[str, str] = {}
    for number, asked in enumerate(questions, 1):
        values[f"kind_{number}"] = asked.kind.value
        values[f"text_{number}"] = asked.text
        values[f"options_{number}"] = "\n".join(asked.options)
    return values
