"""Forms of a site's life: naming, reviews, delisting."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from portal.people.fields import DayField, NumberField, VersionField
from portal.sites import details as written
from portal.sites.details import Naming
from portal.sites.forms import lines
from portal.sites.models import Level, Site
from portal.sites.moves import Grounds
from portal.web.forms import AtMost, Form, StringField, TextAreaField


class GroundsForm(Form):
    """Why something is decided, on which day, by which document."""

    reason = TextAreaField(
        "原因",
        [InputRequired("请写明原因，历史里会保留。"), AtMost("原因", written.LONGEST_REASON)],
    )
    moved_on = DayField("日期", [InputRequired("请填写日期。")])
    document = StringField("文件依据", [Optional(), AtMost("文件依据", written.LONGEST_LINE)])

    def grounds(self) -> Grounds:
        """Return what was typed."""
        return Grounds(
            reason=lines(self.reason.data),
            moved_on=self.moved_on.data,
            document=self.document.data or "",
        )


class _NamingFields(Form):
    naming_document = StringField(
        "命名文号",
        [
            InputRequired("请填写命名文号；没有文件依据不能命名。"),
            AtMost("命名文号", written.LONGEST_LINE),
        ],
    )
    naming_level = SelectField("命名级别", [InputRequired("请选择级别。")])
    named_on = DayField("命名日期", [InputRequired("请填写命名日期。")])
    valid_until = DayField("有效期至", [Optional()], description="不填就是没有写明有效期。")
    review_months = NumberField(
        "复审间隔（月）", [Optional()], most=120, description="不填就按门户的设置。"
    )

    def offer(self) -> None:
        """Set what can be chosen."""
        self.naming_level.choices = [(level.value, level.label) for level in Level]

    def naming(self) -> Naming:
        """Return what was typed."""
        return Naming(
            naming_level=Level(self.naming_level.data),
            naming_document=self.naming_document.data or "",
            named_on=self.named_on.data,
            valid_until=self.valid_until.data,
            review_months=self.review_months.data,
        )


class NameForm(_NamingFields):
    """Naming a site by its document; the document is the ground as well."""

    reason = StringField(
        "说明",
        [Optional(), AtMost("说明", written.LONGEST_REASON)],
        description="不填记为“按文件命名”。",
    )


class NamingForm(_NamingFields):
    """Putting the naming right."""

    version = VersionField()


def naming_values(site: Site) -> dict[str, Any]:
    """Return the data of a naming form for what is written."""
    return {
        **{name: getattr(site, name) for name in written.NAMING_LABELS},
        "naming_level": site.naming_level.value if site.naming_level else "",
    }


class ApproveForm(GroundsForm):
    """A review that found the site in order."""

    valid_until = DayField("新的有效期", [Optional()], description="不填就保持原来的有效期。")


class RectifyForm(GroundsForm):
    """What is to be put right, and until when."""

    deadline = DayField("整改期限", [InputRequired("请填写整改期限。")])
