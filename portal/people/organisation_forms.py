"""Forms about an organisation: describe it, place it, close it."""

from collections.abc import Sequence

from wtforms import BooleanField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from portal import clock
from portal.people.fields import DayField, NumberField, VersionField, tidy
from portal.people.models import BranchType, Organisation, OrganisationKind
from portal.people.models.organisation import LONGEST_CODE, LONGEST_NAME
from portal.people.person_forms import TOO_LONG, choices_of, words_of
from portal.people.services.organisations import Description, Renaming
from portal.web.forms import Form, StringField


class OrganisationForm(Form):
    """What is said of an organisation, and where it stands."""

    name = StringField(
        "名称",
        [DataRequired("请填写名称。"), Length(max=LONGEST_NAME, message=TOO_LONG)],
        filters=[tidy],
    )
    short_name = StringField(
        "简称",
        [Length(max=LONGEST_NAME, message=TOO_LONG)],
        filters=[tidy],
        description="名单和签到表里用；不填就用全称。",
    )
    kind = SelectField(
        "类型",
        [InputRequired("请选择类型。")],
        choices=words_of(OrganisationKind),
        default=OrganisationKind.BRANCH.value,
    )
    branch_type = SelectField(
        "支部类型（只用于党支部）",
        choices={"": "不区分", **words_of(BranchType)},
        default="",
    )
    parent = SelectField("上级组织", default="")
    position = NumberField(
        "排列次序", most=9999, description="同一上级之下按它从小到大排。", default=0
    )

    def offer(self, organisations: Sequence[Organisation], *, may_be_top: bool) -> None:
        """Offer the organisations that it may stand below."""
        options = choices_of(organisations)
        self.parent.choices = (
            {"": "没有上级（一棵树的最上级）", **options} if may_be_top else options
        )

        self.parent.flags.required = not may_be_top

    def description(self) -> Description:
        """Return what was typed."""
        return Description(
            name=self.name.data or "",
            short_name=self.short_name.data or "",
            kind=OrganisationKind(self.kind.data),
            branch_type=BranchType(self.branch_type.data) if self.branch_type.data else None,
            position=self.position.data or 0,
        )


class NewOrganisationForm(OrganisationForm):
    """A new organisation."""

    code = StringField(
        "组织编码",
        [Length(max=LONGEST_CODE, message=TOO_LONG)],
        filters=[tidy],
        description="不填就按上级的编码往下编。定下以后不再改，导入时按它对应。",
    )
    since = DayField("成立日期")


class EditOrganisationForm(OrganisationForm):
    """An organisation as it was when the form was opened."""

    renamed_on = DayField("新名称从哪天起用", description="改名时填；以前的记录仍用旧名称。")
    is_correction = BooleanField("只是更正写错的名称，不留旧名称")
    version = VersionField("版本")

    def renaming(self) -> Renaming:
        """Return how a changed name is meant."""
        return Renaming(self.renamed_on.data or clock.today(), bool(self.is_correction.data))


class CloseOrganisationForm(Form):
    """From when an organisation is closed, and why."""

    day = DayField(
        "从哪天起撤并", [InputRequired("请填写日期。")], description="这一天起不能再使用。"
    )
    reason = StringField("依据或去向", [Length(max=100, message=TOO_LONG)], filters=[tidy])
