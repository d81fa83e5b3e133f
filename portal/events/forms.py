"""Forms of the events room. Names of fields are CONTRACT's; all but four may be left out."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.events import details as written
from portal.events.details import Details
from portal.events.models import Audience, EventKind, Venue
from portal.people.models import Organisation
from portal.sites.models import Site
from portal.web.forms import AtMost, Form, MomentField, StringField, TextAreaField, lines

Choices = Sequence[Organisation]


def _text(name: str, kind: Any = StringField, *, required: str = "", **options: Any) -> Any:
    label, longest = written.TEXTS[name]
    presence = InputRequired(required) if required else Optional()
    return kind(label, [presence, AtMost(label, longest)], **options)


class EventForm(Form):
    """What a host writes about an event."""

    title = _text("title", required="请填写标题。")
    kind = SelectField("类型", [InputRequired("请选择类型。")])
    starts_at = MomentField("开始时间", [InputRequired("请填写开始时间。")])
    ends_at = MomentField("结束时间", [InputRequired("请填写结束时间。")])
    place = _text("place")
    venue = SelectField(
        "示范点和场地",
        [Optional()],
        coerce=str,
        description="选了场地，发布时就为这次活动占下，别人不能再用；地点不填就写场地的名称。",
    )
    lecturer = _text("lecturer")
    host = SelectField("主办组织", [Optional()], coerce=int)
    audience = RadioField("面向谁", [Optional()])
    due = SelectMultipleField(
        "应到的组织",
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
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
        description="不填就是不限人数。报满以后自动排候补。",
    )
    signup_opens_at = MomentField("报名开始", [Optional()], description="不填就是发布后马上开始。")
    signup_closes_at = MomentField(
        "报名截止", [Optional()], description="不填就是活动开始前都可以报名。"
    )
    contact = _text("contact", description="姓名和办公电话，参加的人会看到。")
    summary = _text("summary", TextAreaField)
    agenda = _text("agenda", TextAreaField, description="一行一项，开头写时间，例如：9:00 集合签到")
    note = _text("note", TextAreaField, description="请带什么、在哪里集合、怎样到达。")
    version = HiddenField()
    seen = HiddenField()

    def offer(self, hosts: Choices, due: Choices, sites: Sequence[Site] = ()) -> None:
        """Set what can be chosen."""
        self.venue.choices = {
            "": [("", "不在示范点")],
            **{
                site.name: [(venue.key, _of_venue(venue)) for venue in _venues([site])]
                for site in sites
            },
        }
        self.kind.choices = [(kind.value, kind.label) for kind in EventKind]
        self.host.choices = [(host.id, host.name) for host in hosts]
        self.audience.choices = [(audience.value, audience.label) for audience in Audience]
        self.due.choices = [(organisation.id, organisation.name) for organisation in due]

    def details(self, hosts: Choices, due: Choices, sites: Sequence[Site] = ()) -> Details:
        """Return what was typed, ready for a service; the form has been validated."""
        typed = self.data
        ticked = set(typed["due"] or [])
        return Details(
            **{name: lines(typed[name]) for name in written.TEXTS},
            kind=EventKind(typed["kind"]),
            starts_at=typed["starts_at"],
            ends_at=typed["ends_at"],
            host=next(host for host in hosts if host.id == typed["host"]),
            venue=venue_of(typed["venue"], sites),
            audience=Audience(typed["audience"]),
            due=tuple(organisation for organisation in due if organisation.id in ticked),
            capacity=typed["capacity"],
            signup_opens_at=typed["signup_opens_at"],
            signup_closes_at=typed["signup_closes_at"],
        )


def _venues(sites: Sequence[Site]) -> Iterator[Venue]:
    """Yield each site as a whole, then its rooms."""
    for site in sites:
        yield Venue(site)
        yield from (Venue(site, room) for room in site.rooms)


def _of_venue(venue: Venue) -> str:
    """Return how a choice is written: the names say where, the figure how many fit in."""
    if venue.room is None:
        return f"{venue.site.name}（不占场地）"
    return f"{venue.name}（{venue.room.capacity} 人）"


def values(shown: Details) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    return {
        **{name: getattr(shown, name) for name in written.COLUMNS},
        "venue": shown.venue.key if shown.venue else "",
        "kind": shown.kind.value,
        "audience": shown.audience.value,
        "host": shown.host.id,
        "due": [organisation.id for organisation in shown.due],
    }


class PlaceForm(Form):
    """Where and when an event would be, as it stands in the address."""

    starts_at = MomentField("开始时间", [Optional()])
    ends_at = MomentField("结束时间", [Optional()])
    place = StringField("地点")
    venue = StringField("示范点和场地")
    event = StringField("活动")


def venue_of(key: str | None, sites: Sequence[Site]) -> Venue | None:
    """Return the venue that a form carries; None where there is no such place."""
    return next((one for one in _venues(sites) if one.key == key), None)


class ReasonForm(Form):
    """Why an event is called off."""

    reason = TextAreaField(
        "原因",
        [InputRequired("请写明原因，参加的人会看到。"), AtMost("原因", written.LONGEST_REASON)],
    )


class PostponeForm(ReasonForm):
    """Why an event is moved, and to when if that is known."""

    starts_at = MomentField(
        "新的开始时间", [Optional()], description="还没有定下来就不填，显示“延期待定”。"
    )
    ends_at = MomentField("新的结束时间", [Optional()], description="不填就与原来一样长。")


class InviteForm(Form):
    """A list pasted in, a name or a phone number on each line."""

    names = TextAreaField(
        "姓名或手机号",
        [InputRequired("请填写姓名或手机号。"), AtMost("名单", 20_000)],
        description="一行一个，接龙可以直接粘贴。重名的会请您选一选。",
    )

    def keep(self, lines: Sequence[str]) -> None:
        """Leave only these lines to be corrected."""
        self.names.raw_data = None
        self.names.data = "\n".join(lines)


class InvitationFileForm(Form):
    """A list of names in a file."""

    file = FileField(
        "文件",
        [FileRequired("请选择一个 .xlsx 或 .csv 文件。")],
        description=".xlsx 或 .csv，要有“姓名”一列；有手机尾号、支部的，重名时更容易对上。",
    )
