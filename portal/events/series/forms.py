"""Forms of series, templates and holidays."""

from dataclasses import replace
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from portal.events import details as written
from portal.events.details import Details
from portal.events.models import Event
from portal.events.series import patterns
from portal.events.series.models import Rhythm
from portal.events.series.rhythm import MOST_EVENTS, MOST_EVERY, Plan, words
from portal.web.forms import AtMost, Form, MomentField, StringField, TextAreaField
from portal.workdays.models import DayKind

LONGEST_NAME = 60
LONGEST_HOLIDAY = 40
_PLACEHOLDERS = f"可以写 {patterns.PLACEHOLDERS}，会换成每次活动的年月日和第几次。"


def _text(name: str, kind: Any = StringField, **options: Any) -> Any:
    label, longest = written.TEXTS[name]
    return kind(label, [Optional(), AtMost(label, longest)], **options)


class RepeatForm(Form):
    """How an event comes again."""

    title = StringField(
        "标题",
        [DataRequired("请填写标题。"), AtMost("标题", written.LONGEST_TITLE)],
        description=_PLACEHOLDERS,
    )
    rhythm = RadioField("怎样重复", [InputRequired("请选择怎样重复。")])
    every = IntegerField(
        "间隔",
        [InputRequired(f"间隔要在 1 到 {MOST_EVERY} 之间。")],
        description="1 是每周或每月，2 是隔一周或隔一月。",
    )
    count = IntegerField(
        "一共几次",
        [Optional()],
        description=f"连这一次在内，最多 {MOST_EVENTS} 次；与下面一项只填一个。",
    )
    until = DateField("到哪一天为止", [Optional()])
    skips_holidays = BooleanField("遇到节假日就不办")

    def offer(self, event: Event, every: int) -> None:
        """Set what can be chosen, in words that fit the day of the event."""
        self.rhythm.choices = [
            (rhythm.value, words(rhythm, event.starts_at, every)) for rhythm in Rhythm
        ]

    def plan(self) -> Plan:
        """Return what was typed; the form has been validated."""
        return Plan(
            Rhythm(self.rhythm.data), self.every.data or 0, self.until.data, self.count.data
        )


class FollowingForm(Form):
    """What changes in an event and all that follow it."""

    title = StringField(
        "标题",
        [DataRequired("请填写标题。"), AtMost("标题", written.LONGEST_TITLE)],
        description=_PLACEHOLDERS,
    )
    starts_at = MomentField(
        "这一次的开始时间",
        [InputRequired("请填写开始时间。")],
        description="往前或往后移多少，以后各次就跟着移多少。",
    )
    ends_at = MomentField("这一次的结束时间", [InputRequired("请填写结束时间。")])
    place = _text("place")
    lecturer = _text("lecturer")
    capacity = IntegerField(
        "人数上限",
        [
            Optional(),
            NumberRange(
                min=1,
                max=written.MOST_PLACES,
                message=f"人数上限要在 1 到 {written.MOST_PLACES} 之间；不限人数就不填。",
            ),
        ],
    )
    contact = _text("contact")
    summary = _text("summary", TextAreaField)
    note = _text("note", TextAreaField)
    version = HiddenField()

    def details(self, before: Details) -> Details:
        """Return what was typed, the rest as it was; the form has been validated."""
        typed: dict[str, Any] = {
            name: "\n".join((self[name].data or "").splitlines())
            for name in ("title", "place", "lecturer", "contact", "summary", "note")
        }
        return replace(
            before,
            **typed,
            capacity=self.capacity.data,
            starts_at=self.starts_at.data or before.starts_at,
            ends_at=self.ends_at.data or before.ends_at,
        )


class ReasonForm(Form):
    """Why events are called off."""

    reason = TextAreaField(
        "原因",
        [DataRequired("请写明原因，参加的人会看到。"), AtMost("原因", written.LONGEST_REASON)],
    )


class NameForm(Form):
    """What a template is called."""

    name = StringField(
        "模板名称", [DataRequired("请填写模板名称。"), AtMost("模板名称", LONGEST_NAME)]
    )


class TemplateForm(NameForm):
    """What a template is called, and the title of the events that come of it."""

    title = StringField(
        "活动标题",
        [DataRequired("请填写标题。"), AtMost("标题", written.LONGEST_TITLE)],
        description=_PLACEHOLDERS.replace("、{次}", "").replace("和第几次", ""),
    )


class HolidayForm(Form):
    """Days that are not as their weekday says."""

    name = StringField(
        "名称",
        [DataRequired("请填写名称，例如：春节。"), AtMost("名称", LONGEST_HOLIDAY)],
    )
    kind = RadioField(
        "这些天",
        choices={kind.value: kind.label for kind in DayKind},
        default=DayKind.OFF.value,
    )
    first = DateField("从", [InputRequired("请填写日期。")])
    last = DateField("到", [Optional()], description="只有一天就不填。")
