"""Forms of the lessons room."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wtforms import DecimalField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from portal.lessons import details as written
from portal.lessons.details import Details
from portal.lessons.models import LecturerOrigin, LessonForm, LessonSeries
from portal.lessons.services.moving import LONGEST_REMARK
from portal.lessons.services.series import LONGEST_NAME, LONGEST_SUMMARY
from portal.people.models import Organisation, Person
from portal.sites.models import Route
from portal.web.forms import AtMost, Form, StringField, TextAreaField, lines

NONE = 0
_HALF = Decimal("0.5")


def _text(name: str, kind: Any = StringField, *, required: str = "", **options: Any) -> Any:
    label, longest = written.TEXTS[name]
    presence = InputRequired(required) if required else Optional()
    return kind(label, [presence, AtMost(label, longest)], **options)


def _in_halves(_form: Any, field: Any) -> None:
    """Hours are credited in steps of a half."""
    if field.data is not None and field.data % _HALF:
        raise ValidationError("学时按 0.5 递增，例如 1.5。")


@dataclass(frozen=True)
class Choices:
    """What of the house a lesson may name."""

    series: Sequence[LessonSeries]
    routes: Sequence[Route]


def _named(things: Sequence[LessonSeries] | Sequence[Route]) -> list[tuple[int, str]]:
    return [(one.id, one.name) for one in things]


class WritingForm(Form):
    """What is written about a lesson."""

    title = _text("title", required="请填写标题。")
    form = SelectField("形式", [Optional()])
    series = SelectField("系列", [Optional()], coerce=int)
    audience = _text("audience", description="例如：机关干部、社区党员、青年党员。")
    minutes = IntegerField(
        "时长（分钟）",
        [
            Optional(),
            NumberRange(
                min=1,
                max=written.MOST_MINUTES,
                message=f"时长要在 1 到 {written.MOST_MINUTES} 分钟之间。",
            ),
        ],
        description="讲授和研讨合计。",
    )
    takeaway = _text("takeaway", TextAreaField, description="一两句话：听完这堂课，能带走什么。")
    lecturer_origin = RadioField("主讲人来自", [Optional()])
    lecturer_name = _text("lecturer_name", description="写姓名；本街道的党员会自动对上花名册。")
    lecturer_id = RadioField("是哪一位", [Optional()], coerce=int)
    lecturer_unit = _text("lecturer_unit")
    lecturer_post = _text("lecturer_post")
    approval_document = _text("approval_document", description="批件的名称和文号。")
    approved_by = _text("approved_by")
    body = _text("body", TextAreaField)
    route = SelectField(
        "路线",
        [Optional()],
        coerce=int,
        description="行走课、现场课走哪些点位；路线在“示范点”里编排。",
    )
    questions = _text("questions", TextAreaField, description="一行一题，按讨论的顺序写。")
    policy_basis = _text("policy_basis", TextAreaField)
    policy_document = _text("policy_document")
    credit_hours = DecimalField(
        "计入学时",
        [
            Optional(),
            NumberRange(min=0, max=written.MOST_HALVES // 2, message="学时要在 0 到 24 之间。"),
            _in_halves,
        ],
        description="确认名册以后按这个数计入；不填就是不计学时。",
    )
    hours_rule = _text("hours_rule", description="按哪条规则，例如：集体学习每小时计 1 学时。")
    version = HiddenField()
    seen = HiddenField()
    desk = HiddenField()

    def offer(self, choices: Choices) -> None:
        """Set what can be chosen."""
        self.form.choices = [(form.value, form.label) for form in LessonForm]
        self.series.choices = [(NONE, "不属于系列"), *_named(choices.series)]
        self.route.choices = [(NONE, "不走路线"), *_named(choices.routes)]
        self.lecturer_origin.choices = [(origin.value, origin.label) for origin in LecturerOrigin]
        self.offer_lecturers(())
        # A draft may lack them, a review may not: they are not called optional.
        for field in (self.form, self.lecturer_name, self.minutes, self.body):
            field.flags.required = True

    def offer_lecturers(self, namesakes: Sequence[Person]) -> None:
        """Let one of several persons of the same name be chosen."""
        self.lecturer_id.choices = [(person.id, told(person)) for person in namesakes]
        self.lecturer_id.validate_choice = False

    def details(self, choices: Choices) -> Details:
        """Return what was typed, ready for a service; the form has been validated."""
        typed = self.data
        hours = typed["credit_hours"]
        return Details(
            **{name: lines(typed[name]) for name in written.TEXTS},
            form=LessonForm(typed["form"] or LessonForm.LECTURE),
            series=next((one for one in choices.series if one.id == typed["series"]), None),
            route=next((one for one in choices.routes if one.id == typed["route"]), None),
            lecturer_origin=LecturerOrigin(typed["lecturer_origin"] or LecturerOrigin.INSIDE),
            lecturer_id=typed["lecturer_id"],
            minutes=typed["minutes"],
            credit_halves=None if hours is None else int(hours / _HALF),
        )


class NewForm(WritingForm):
    """The beginning of a lesson: whose it is, and what else was typed already."""

    organisation = SelectField("哪个组织的课", [Optional()], coerce=int)

    def offer_organisations(self, organisations: Sequence[Organisation]) -> None:
        """Set for whom the reader may write."""
        self.organisation.choices = [(one.id, one.name) for one in organisations]


def told(person: Person) -> str:
    """Return what tells namesakes apart: unit and the last digits of the phone."""
    places = (
        "、".join(relation.organisation.short_name for relation in person.memberships)
        or person.work_unit
    )
    tail = f"尾号 {person.phone[-4:]}" if person.phone else ""
    return " ".join(part for part in (person.name, places, tail) if part)


def values(shown: Details) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    halves = shown.credit_halves
    return {
        **{name: getattr(shown, name) for name in written.TEXTS},
        "form": shown.form.value,
        "series": shown.series.id if shown.series else NONE,
        "route": shown.route.id if shown.route else NONE,
        "lecturer_origin": shown.lecturer_origin.value,
        "lecturer_id": shown.lecturer_id,
        "minutes": shown.minutes,
        "credit_hours": None if halves is None else Decimal(halves) * _HALF,
    }


# The field of the form in which each value of the details is typed.
FIELD_OF = {"credit_halves": "credit_hours"}


class RemarkForm(Form):
    """Why a version is returned."""

    remark = TextAreaField(
        "退回意见",
        [
            InputRequired("请写明要改什么，写稿的人会看到。"),
            AtMost("退回意见", LONGEST_REMARK),
        ],
    )


class SeriesForm(Form):
    """Name and words of a series."""

    name = StringField(
        "系列名称", [InputRequired("请填写系列名称。"), AtMost("系列名称", LONGEST_NAME)]
    )
    summary = TextAreaField(
        "说明", [Optional(), AtMost("系列说明", LONGEST_SUMMARY)], description="这个系列讲什么。"
    )
    organisation = SelectField("哪个组织的系列", [Optional()], coerce=int)
    version = HiddenField()
