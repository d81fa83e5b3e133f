"""Forms of what belongs to a site: honours, rooms, hours, closures."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.people.fields import DayField, NumberField, VersionField
from portal.sites import details as written
from portal.sites.closure_services import LONGEST_REASON, ClosureFacts
from portal.sites.closure_services import facts_of as closure_facts
from portal.sites.models import Closure, Level, Room, Site, SiteTitle
from portal.sites.opening import WEEKDAYS, Span, open_spans, spans_typed, spans_words
from portal.sites.room_services import (
    LONGEST_EQUIPMENT,
    LONGEST_ROOM_NAME,
    MOST_SEATS,
    RoomFacts,
)
from portal.sites.title_services import TitleFacts, facts_of
from portal.web.forms import AtMost, Form, StringField

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class TitleForm(Form):
    """An honour."""

    name = StringField(
        "荣誉名称", [InputRequired("请填写荣誉名称。"), AtMost("荣誉名称", written.LONGEST_NAME)]
    )
    title_level = SelectField("级别", [InputRequired("请选择级别。")])
    issuer = StringField("授予单位", [Optional(), AtMost("授予单位", written.LONGEST_NAME)])
    document = StringField("文号", [Optional(), AtMost("文号", written.LONGEST_LINE)])
    awarded_on = DayField("授予日期", [Optional()])
    valid_until = DayField("有效期至", [Optional()], description="过期以后仍然列出，标明“已过期”。")
    version = VersionField()

    def offer(self) -> None:
        """Set what can be chosen."""
        self.title_level.choices = [(level.value, level.label) for level in Level]

    def facts(self) -> TitleFacts:
        """Return what was typed."""
        return TitleFacts(
            name=self.name.data or "",
            title_level=Level(self.title_level.data),
            issuer=self.issuer.data or "",
            document=self.document.data or "",
            awarded_on=self.awarded_on.data,
            valid_until=self.valid_until.data,
        )


def title_values(title: SiteTitle) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    return {
        **facts_of(title).__dict__,
        "title_level": title.title_level.value,
        "version": title.version,
    }


class RoomForm(Form):
    """A room."""

    name = StringField("名称", [InputRequired("请填写名称。"), AtMost("名称", LONGEST_ROOM_NAME)])
    capacity = NumberField("容纳人数", [InputRequired("请填写容纳人数。")], most=MOST_SEATS)
    equipment = StringField("设备", [Optional(), AtMost("设备", LONGEST_EQUIPMENT)])
    is_step_free = BooleanField("无障碍可达")
    is_bookable = BooleanField("接受预约")
    version = VersionField()

    def facts(self) -> RoomFacts:
        """Return what was typed."""
        return RoomFacts(
            name=self.name.data or "",
            capacity=self.capacity.data,
            equipment=self.equipment.data or "",
            is_step_free=bool(self.is_step_free.data),
            is_bookable=bool(self.is_bookable.data),
        )


class HoursForm(Form):
    """The hours of the week, one line a day."""

    monday = StringField("周一")
    tuesday = StringField("周二")
    wednesday = StringField("周三")
    thursday = StringField("周四")
    friday = StringField("周五")
    saturday = StringField("周六")
    sunday = StringField("周日")
    version = VersionField()

    def hours(self) -> dict[int, list[Span]]:
        """Return the spans typed, 0 Monday; raise InvalidInputError for the first bad line."""
        return {
            number: spans_typed(self[name].data or "", field=name)
            for number, name in enumerate(DAYS)
        }


def hours_values(site: Site) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    monday = date(2024, 1, 1)
    return {
        name: spans_words(open_spans(site.opening_hours, [], monday.replace(day=1 + number)))
        for number, name in enumerate(DAYS)
    }


class PictureForm(Form):
    """Words for a picture."""

    alt_text = StringField(
        "图里有什么",
        [
            InputRequired("请写明图里有什么，看不见图的人靠它了解。"),
            AtMost("说明", written.LONGEST_LINE),
        ],
        description="给看不见图的人读，例如“居民围坐在圆桌旁议事”。不写姓名。",
    )
    caption = StringField("图下的文字", [Optional(), AtMost("图下的文字", written.LONGEST_LINE)])
    version = VersionField()


class ClosureForm(Form):
    """Days on which the site or a room is shut."""

    starts_on = DayField("从", [InputRequired("请填写开始日期。")])
    ends_on = DayField("到", [Optional()], description="不填就是长期。")
    weekday = SelectField("每周", [Optional()], description="只在这一天闭馆，例如每周一。")
    room = SelectField("范围", [Optional()])
    reason = StringField("原因", [Optional(), AtMost("原因", LONGEST_REASON)])
    version = VersionField()

    def offer(self, rooms: Sequence[Room]) -> None:
        """Set what can be chosen."""
        self.weekday.choices = [("", "每天"), *((str(n), day) for n, day in enumerate(WEEKDAYS))]
        self.room.choices = [("", "整个点位"), *((str(room.id), room.name) for room in rooms)]

    def facts(self) -> ClosureFacts:
        """Return what was typed."""
        return ClosureFacts(
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            weekday=int(self.weekday.data) if self.weekday.data else None,
            room_id=int(self.room.data) if self.room.data else None,
            reason=self.reason.data or "",
        )


def closure_values(closure: Closure) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    return {
        **asdict(closure_facts(closure)),
        "weekday": "" if closure.weekday is None else str(closure.weekday),
        "room": "" if closure.room_id is None else str(closure.room_id),
        "version": closure.version,
    }
