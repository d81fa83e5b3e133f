"""Forms of the bookings room."""

from collections.abc import Sequence
from datetime import date as calendar_day
from datetime import datetime, time
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock
from portal.bookings.services import Facts, Visit
from portal.bookings.services.asking import LONGEST_NOTE, LONGEST_PURPOSE, LONGEST_UNIT, MOST_PEOPLE
from portal.bookings.services.deciding import LONGEST_REASON
from portal.people.fields import DayField, NameField, PhoneField, VersionField, tidy
from portal.people.models import Organisation
from portal.sites.models import Room
from portal.web.forms import Form, StringField, TextAreaField, lines
from portal.web.templating import WEEKDAYS

ANY_ROOM = ""
FIRST_YEAR, LAST_YEAR = 2000, 2099


def _most(label: str, longest: int) -> Length:
    return Length(max=longest, message=f"{label}最多 {longest} 个字。")


_SIZE = [
    InputRequired("请填写人数。"),
    NumberRange(min=1, max=MOST_PEOPLE, message=f"人数要在 1 到 {MOST_PEOPLE} 之间。"),
]
_PURPOSE = [InputRequired("请填写参观目的。"), _most("参观目的", LONGEST_PURPOSE)]
_NAME = [InputRequired("请填写联系人，示范点好联系。")]
_PHONE = [InputRequired("请填写联系电话，示范点好联系。")]
_NOTE_HELP = "例如：有轮椅、需要讲解、想看的内容。请不要写个人隐私。"


class SlotForm(Form):
    """A day, a slot of it or several in a row, a room, and how many come."""

    date = DayField("日期", [InputRequired("请选择日期。")])
    start = HiddenField("时段", [InputRequired("请选择一个时段。")])
    length = SelectField("时长", default="1")
    room = SelectField("场地", [Optional()])
    party_size = IntegerField("人数", _SIZE)

    def validate_date(self, field: Any) -> None:
        """Refuse years that nobody means."""
        if field.data is not None and not is_plausible(field.data):
            raise ValidationError("日期的年份不对，请核对。")

    def offer_rooms(self, rooms: Sequence[Room]) -> None:
        """Set which rooms can be chosen; any that fits is the first choice."""
        self.room.choices = [
            (ANY_ROOM, "由示范点安排（能坐下的第一间）"),
            *((str(room.id), f"{room.name}（{room.capacity} 人）") for room in rooms),
        ]

    def offer_lengths(self, slot_minutes: int, most: int) -> None:
        """Set how many slots in a row can be chosen, and what that is in minutes."""
        self.length.choices = [
            (str(count), f"{count * slot_minutes} 分钟（{count} 个时段）")
            for count in range(1, most + 1)
        ]

    def slot_count(self) -> int:
        """Return how many slots in a row are wanted; one where nothing that is offered is."""
        offered = [choice[0] for choice in self.length.choices or ()]
        return int(self.length.data) if self.length.data in offered else 1

    def rooms_of(self, rooms: Sequence[Room]) -> list[Room]:
        """Return the room that was chosen, or all of them."""
        return [room for room in rooms if self.room.data in (ANY_ROOM, None, str(room.id))]

    def starts_at(self) -> datetime | None:
        """Return the moment that was chosen; None where it is no time."""
        return moment(self.date.data, self.start.data)

    def choose(self, day: calendar_day, start: str) -> None:
        """Put another slot in the place of what was typed."""
        self.date.raw_data, self.date.data = [day.isoformat()], day
        self.start.raw_data, self.start.data = [start], start


def is_plausible(day: calendar_day) -> bool:
    """Return whether a day lies in the years with which the portal reckons."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def moment(day: calendar_day | None, start: str | None) -> datetime | None:
    """Return the moment of a day and a time such as 09:30; None for anything else."""
    try:
        hour = time.fromisoformat((start or "").strip())
    except ValueError:
        return None
    if day is None or hour.tzinfo is not None:
        return None
    return clock.from_local(datetime.combine(day, hour))


class VisitForm(SlotForm):
    """Who wants to come, and why."""

    joins = HiddenField()
    purpose = StringField("参观目的", _PURPOSE)
    organisation = SelectField("代表哪个组织", [Optional()], coerce=str)
    unit = StringField("来访单位", [_most("单位", LONGEST_UNIT)], filters=[tidy])
    contact_name = NameField("联系人", _NAME)
    contact_phone = PhoneField("联系电话", _PHONE)
    note = TextAreaField("备注", [_most("备注", LONGEST_NOTE)], description=_NOTE_HELP)

    def offer_organisations(self, organisations: Sequence[Organisation]) -> None:
        """Set for which organisations the reader may ask; none at all is none of them."""
        self.unit.flags.required = not organisations
        self.organisation.choices = [
            ("", "不在名单上（在下面填写单位）"),
            *((str(one.id), one.name) for one in organisations),
        ]

    def visit(self, organisations: Sequence[Organisation]) -> Visit:
        """Return what was typed, ready for a service; the form has been validated."""
        chosen = next((one for one in organisations if str(one.id) == self.organisation.data), None)
        return Visit(
            party_size=self.party_size.data or 0,
            purpose=self.purpose.data or "",
            unit=self.unit.data or (chosen.short_name if chosen else ""),
            organisation=chosen,
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            note=lines(self.note.data),
        )


class MoveForm(SlotForm):
    """Another time or room, or another number of people."""

    version = VersionField()
    reason = StringField("说明", [_most("说明", LONGEST_REASON)])


class EditForm(Form):
    """What may be changed of a visit without asking for another time."""

    party_size = IntegerField("人数", _SIZE)
    purpose = StringField("参观目的", _PURPOSE)
    contact_name = NameField("联系人", _NAME)
    contact_phone = PhoneField("联系电话", _PHONE)
    note = TextAreaField("备注", [_most("备注", LONGEST_NOTE)], description=_NOTE_HELP)
    version = VersionField()

    def facts(self) -> Facts:
        """Return what was typed, ready for a service; the form has been validated."""
        return Facts(
            party_size=self.party_size.data or 0,
            purpose=self.purpose.data or "",
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            note=lines(self.note.data),
        )


class ReasonForm(Form):
    """Why a visit is declined or called off."""

    reason = TextAreaField(
        "原因", [InputRequired("请写明原因，对方会看到。"), _most("原因", LONGEST_REASON)]
    )


def _within(label: str, least: int, most: int, unit: str) -> list[Any]:
    sentence = f"{label}要在 {least} 到 {most} {unit}之间。"
    return [InputRequired(sentence), NumberRange(min=least, max=most, message=sentence)]


class RulesForm(Form):
    """How a site receives visits."""

    takes_visits = BooleanField("接受参观预约")
    slot_minutes = IntegerField(
        "每个时段几分钟",
        _within("时段", 15, 480, "分钟"),
        description="从开放时间起一段接一段；剩下不够一段的不开放预约。",
    )
    weekly_visits = IntegerField(
        "一周最多接待几场",
        _within("场数", 1, 100, "场"),
        description="到了这个数仍可预约，但会提示改周或并入已有的参观，避免扎堆。连着几个时段的参观算几场。",
    )
    rest_weekdays = SelectMultipleField(
        "休整日",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="这几天开门，但不接待参观。",
    )
    answer_days = IntegerField(
        "几天内答复",
        _within("答复期限", 1, 30, "天"),
        description="逾期没有答复的预约自动失效，时段重新放开。",
    )
    days_ahead = IntegerField("最多提前几天预约", _within("提前天数", 1, 366, "天"))
    version = VersionField()

    def offer(self) -> None:
        """Set which days can be rest days."""
        self.rest_weekdays.choices = [(str(day), word) for day, word in enumerate(WEEKDAYS)]
