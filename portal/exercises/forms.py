"""Forms of the exercises room: building an exercise, and reading what was typed into it."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.errors import InvalidInputError
from portal.exercises import judging
from portal.exercises.models import ExerciseField, FieldKind
from portal.exercises.services import building
from portal.exercises.services.building import Asked, Facts
from portal.web.forms import AtMost, Form, StringField, TextAreaField, lines


class ExerciseForm(Form):
    """What is written about an exercise besides its fields."""

    title = StringField(
        "练习名称", [InputRequired("请填写练习名称。"), AtMost("练习名称", building.LONGEST_TITLE)]
    )
    note = TextAreaField(
        "说明",
        [Optional(), AtMost("说明", building.LONGEST_NOTE)],
        description="怎么做、用哪张卡片。卡片上只能是虚构的人。",
    )
    is_twice = BooleanField("录两遍：第二遍看不到第一遍，然后核对不同的地方")
    keep_days = IntegerField(
        "填写内容保留几天",
        [
            InputRequired("请填写保留天数。"),
            NumberRange(
                min=1,
                max=building.MOST_DAYS,
                message=f"保留天数要在 1 到 {building.MOST_DAYS} 之间。",
            ),
        ],
        description="从打开那天起算，到期自动删除，只留下不含姓名的统计数。",
    )
    version = HiddenField()

    def facts(self) -> Facts:
        """Return what was typed, ready for a service; the form has been validated."""
        return Facts(
            title=self.title.data or "",
            note=lines(self.note.data),
            is_twice=bool(self.is_twice.data),
            keep_days=self.keep_days.data or 0,
        )


class FieldForm(Form):
    """One field: what is asked, how it is typed, what is right."""

    label = StringField(
        "要填什么", [InputRequired("请写明要填什么。"), AtMost("名称", building.LONGEST_LABEL)]
    )
    kind = SelectField("怎么填", [InputRequired("请选择怎么填。")])
    help = StringField(
        "填写说明",
        [Optional(), AtMost("说明", building.LONGEST_HELP)],
        description="例如：照卡片上的写法。",
    )
    options = TextAreaField(
        "选项",
        [Optional(), AtMost("选项", 2_000)],
        description="只有单选和多选要写，一行一个。",
    )
    answer = TextAreaField(
        "参考答案",
        [Optional(), AtMost("参考答案", 2_000)],
        description="一个字都不能差。日期写 2026-11-01；单选、多选照抄选项，多选一行一个。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, kind.label) for kind in FieldKind]

    def asked(self) -> Asked:
        """Return what was typed, ready for a service; the form has been validated."""
        return Asked(
            kind=FieldKind(self.kind.data),
            label=self.label.data or "",
            help=self.help.data or "",
            options=tuple(line.strip() for line in (self.options.data or "").splitlines()),
            answer=lines(self.answer.data),
        )


def name_of(field: ExerciseField) -> str:
    """Return what a field of an exercise is called in the form that people fill in."""
    return f"field-{field.id}"


def read(
    fields: Sequence[ExerciseField], form: "MultiDict[str, str]"
) -> tuple[dict[int, str], dict[int, str]]:
    """Return what was typed, and the sentence for each field that can be no answer.

    Texts are not trimmed: a space too much is a mistake that the reader is to see.
    """
    values: dict[int, str] = {}
    faults: dict[int, str] = {}
    for field in fields:
        typed = [text.translate(judging.UNSEEN) for text in form.getlist(name_of(field))]
        given: Any = typed if field.kind.has_options else (typed[0] if typed else "")
        try:
            values[field.id] = judging.written(
                field.kind, given, field.option_list, label=field.label
            )
        except InvalidInputError as error:
            faults[field.id] = error.message
            values[field.id] = given[: judging.LONGEST_VALUE]
    return values, faults
