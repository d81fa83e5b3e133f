"""Forms of routes and their stops."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from portal.people.fields import NumberField, VersionField
from portal.people.models import Organisation
from portal.sites.fields import TimeOfDayField
from portal.sites.forms import lines
from portal.sites.models import Site
from portal.sites.routes import details as written
from portal.sites.routes.details import LABELS, STOP_LABELS, RouteDetails, StopDetails
from portal.web.forms import AtMost, Form, StringField, TextAreaField


class RouteForm(Form):
    """What a keeper writes about a route."""

    name = StringField(
        LABELS["name"], [InputRequired("请填写名称。"), AtMost("名称", written.LONGEST_NAME)]
    )
    organisation = SelectField(LABELS["organisation"], [InputRequired("请选择组织。")], coerce=int)
    summary = TextAreaField(LABELS["summary"], [Optional(), AtMost("简介", written.LONGEST_TEXT)])
    contact = StringField(
        LABELS["contact"],
        [Optional(), AtMost("联系电话", written.LONGEST_LINE)],
        description="请填办公电话，印在行程单上。",
    )
    starts_minute = TimeOfDayField(
        LABELS["starts_minute"], [Optional()], description="例如 9:00；每次也可以另定。"
    )
    is_published = BooleanField("公开：门户里的人都能看到")
    version = VersionField()

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Set what can be chosen."""
        self.organisation.choices = [(one.id, one.name) for one in organisations]

    def details(self, organisations: Sequence[Organisation]) -> RouteDetails:
        """Return what was typed, ready for a service; the form has been validated."""
        return RouteDetails(
            name=self.name.data or "",
            organisation=next(one for one in organisations if one.id == self.organisation.data),
            summary=lines(self.summary.data),
            contact=self.contact.data or "",
            starts_minute=self.starts_minute.data,
            is_published=bool(self.is_published.data),
        )


def values(details: RouteDetails) -> dict[str, Any]:
    """Return the data of the form's fields for what is written."""
    told = {name: getattr(details, name) for name in written.COLUMNS}
    return {**told, "organisation": details.organisation.id}


class StopForm(Form):
    """Minutes, way and note of a stop."""

    minutes = NumberField(
        STOP_LABELS["minutes"], [InputRequired("请填写停留时间。")], most=written.MOST_MINUTES
    )
    walk_minutes = NumberField(
        STOP_LABELS["walk_minutes"],
        [Optional()],
        most=written.MOST_MINUTES,
        description="最后一站不用填。",
    )
    walk_metres = NumberField(STOP_LABELS["walk_metres"], [Optional()], most=written.MOST_METRES)
    note = StringField(
        STOP_LABELS["note"],
        [Optional(), AtMost("说明", written.LONGEST_NOTE)],
        description="看什么、谁讲解、在哪里集合。",
    )
    version = VersionField()

    def details(self) -> StopDetails:
        """Return what was typed."""
        return StopDetails(
            minutes=self.minutes.data,
            walk_minutes=self.walk_minutes.data or 0,
            walk_metres=self.walk_metres.data,
            note=self.note.data or "",
        )


class NewStopForm(StopForm):
    """A stop at the end of the route."""

    site = SelectField("点位", [InputRequired("请选择点位。")], coerce=int)

    def offer(self, sites: Sequence[Site]) -> None:
        """Set what can be chosen."""
        self.site.choices = [(site.id, site.name) for site in sites]
