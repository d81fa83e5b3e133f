"""Forms of the sites room."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.people.fields import NumberField, VersionField
from portal.people.models import Organisation
from portal.sites import details as written
from portal.sites.details import Details
from portal.sites.fields import DegreesField
from portal.sites.models import CoordinateSystem, SiteKind
from portal.web.forms import AtMost, Form, StringField, TextAreaField


def _text(name: str, kind: Any = StringField, *, required: str = "", **options: Any) -> Any:
    label, longest = written.TEXTS[name]
    presence = InputRequired(required) if required else Optional()
    return kind(label, [presence, AtMost(label, longest)], **options)


def lines(text: str | None) -> str:
    """Return text with the line ends that are kept, whatever the browser sent."""
    return "\n".join((text or "").splitlines())


class SiteForm(Form):
    """What a keeper writes about a site."""

    name = _text("name", required="请填写名称。")
    kind = SelectField("类型", [InputRequired("请选择类型。")])
    organisation = SelectField(
        "党组织",
        [InputRequired("请选择党组织。")],
        coerce=int,
        description="由它和上级组织维护这一页。",
    )
    compound = _text("compound")
    property_company = _text("property_company")
    address = _text("address")
    contact = _text("contact", description="请填办公电话，门户里的人都能看到。")
    summary = _text("summary", TextAreaField, description="两三句话，列表和名片上也会用。")
    story = _text("story", TextAreaField)
    facilities = _text("facilities", TextAreaField, description="例如红色书屋、议事厅、展厅。")
    accessibility = _text("accessibility", description="坡道、电梯、无障碍卫生间、停车位。")
    deliberation = _text(
        "deliberation", TextAreaField, description="多久议一次、谁参加、怎样公开。"
    )
    transport = _text("transport", TextAreaField, description="公交站、停车、从哪个门进。")
    sketch_x = NumberField(
        "横向位置", [Optional()], most=1000, description="0 是最左，1000 是最右。"
    )
    sketch_y = NumberField(
        "纵向位置", [Optional()], most=1000, description="0 是最上，1000 是最下。"
    )
    is_approximate = BooleanField("这是大致位置")
    longitude = DegreesField("经度", [Optional()], description="十进制度数，例如 120.3952")
    latitude = DegreesField("纬度", [Optional()], description="十进制度数，例如 36.0581")
    crs = SelectField("坐标系", [Optional()], description="系统不做换算，填的是哪个就显示哪个。")
    version = VersionField()

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Set what can be chosen."""
        self.kind.choices = [(kind.value, kind.label) for kind in SiteKind]
        self.organisation.choices = [(one.id, one.name) for one in organisations]
        self.crs.choices = [("", "没有坐标"), *((one.value, one.label) for one in CoordinateSystem)]

    def details(self, organisations: Sequence[Organisation]) -> Details:
        """Return what was typed, ready for a service; the form has been validated."""
        typed = self.data
        return Details(
            **{name: lines(typed[name]) for name in written.TEXTS},
            kind=SiteKind(typed["kind"]),
            organisation=next(one for one in organisations if one.id == typed["organisation"]),
            longitude=typed["longitude"],
            latitude=typed["latitude"],
            crs=CoordinateSystem(typed["crs"]) if typed["crs"] else None,
            sketch_x=typed["sketch_x"],
            sketch_y=typed["sketch_y"],
            is_approximate=bool(typed["is_approximate"]),
        )


def values(details: Details) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    return {
        **{name: getattr(details, name) for name in written.COLUMNS},
        "kind": details.kind.value,
        "crs": details.crs.value if details.crs else "",
        "organisation": details.organisation.id,
    }


class NewSiteForm(SiteForm):
    """Putting a site forward: why, and by which document if there is one."""

    reason = StringField(
        "申报理由",
        [Optional(), AtMost("申报理由", written.LONGEST_REASON)],
        description="不填记为“首次申报”。",
    )
    document = StringField("申报文件", [Optional(), AtMost("申报文件", written.LONGEST_LINE)])
