"""Forms about a person: facts, where somebody belongs, posts, exemption."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal import clock
from portal.people.fields import (
    BirthYearField,
    DayField,
    JoiningDayField,
    NameField,
    PhoneField,
    VersionField,
    tidy,
)
from portal.people.models import (
    EndReason,
    ExemptReason,
    Gender,
    MembershipKind,
    Organisation,
    OrganisationKind,
    Participation,
)
from portal.people.services.persons import Facts
from portal.web.forms import Form, StringField


class Word(Protocol):
    """A member of a closed set with its Chinese word."""

    @property
    def value(self) -> str: ...

    @property
    def label(self) -> str: ...


TOO_LONG = "最多 %(max)d 个字。"
SELF_RELATION = "member"
COMMON_POSTS = (
    "党委书记",
    "党委副书记",
    "党支部书记",
    "党支部副书记",
    "组织委员",
    "宣传委员",
    "纪检委员",
    "党小组组长",
)


def choices_of(organisations: Sequence[Organisation], empty: str = "") -> dict[str, str]:
    """Return the options of a select: organisations in tree order, indented by level."""
    top = min((path_depth(organisation) for organisation in organisations), default=0)
    options = {
        str(organisation.id): "　" * (path_depth(organisation) - top) + organisation.name
        for organisation in organisations
    }
    return {"": empty, **options} if empty else options


def short_choices_of(organisations: Sequence[Organisation]) -> dict[str, str]:
    """Return the options of a select by short names; by full names where two are called alike."""
    often = Counter(organisation.short_name for organisation in organisations)
    return {
        str(one.id): one.short_name if often[one.short_name] == 1 else one.name
        for one in organisations
    }


def words_of(choices: Iterable[Word]) -> dict[str, str]:
    """Return the options of a closed set."""
    return {choice.value: choice.label for choice in choices}


def path_depth(organisation: Organisation) -> int:
    """Return how many organisations stand above, and itself."""
    return organisation.path.count("/") - 1


def default_organisation(organisations: Sequence[Organisation]) -> str:
    """Return the id to choose first: the only branch there is, or nothing."""
    branches = [
        organisation
        for organisation in organisations
        if organisation.kind is OrganisationKind.BRANCH
    ]
    return str(branches[0].id) if len(branches) == 1 else ""


class FactsForm(Form):
    """What is kept of a person."""

    name = NameField(
        "姓名",
        [InputRequired("请填写姓名。")],
        description="生僻字、少数民族姓名中间的“·”都可以照写。",
    )
    gender = RadioField(
        "性别",
        choices={"": "不填", **words_of(Gender)},
        default="",
        validate_choice=True,
    )
    phone = PhoneField("电话", description="手机 11 位，或带区号的座机。没有电话也可以登记。")
    work_unit = StringField("工作单位", [Length(max=80, message=TOO_LONG)], filters=[tidy])
    post = StringField("行政职务", [Length(max=60, message=TOO_LONG)], filters=[tidy])
    rank = StringField("职级", [Length(max=30, message=TOO_LONG)], filters=[tidy])
    birth_year = BirthYearField("出生年份", description="只记年份，同名时用来分辨。")
    joined_on = JoiningDayField("入党时间")
    note = StringField(
        "备注",
        [Length(max=200, message=TOO_LONG)],
        filters=[tidy],
        description="请勿填写身份证号、住址、病情等个人信息。",
    )

    def facts(self) -> Facts:
        """Return what was typed, in the portal's spelling."""
        return Facts(
            name=self.name.data,
            gender=Gender(self.gender.data) if self.gender.data else None,
            birth_year=self.birth_year.data,
            joined_on=self.joined_on.data,
            phone=self.phone.data or "",
            work_unit=self.work_unit.data or "",
            post=self.post.data or "",
            rank=self.rank.data or "",
            note=self.note.data or "",
        )


class NewPersonForm(FactsForm):
    """Somebody new, and how he or she belongs here."""

    relation = RadioField("身份", validators=[InputRequired("请选择身份。")])
    organisation = SelectField(
        "登记到", [InputRequired("请选择组织。")], description="来宾登记到接待的组织。"
    )
    since = DayField("从哪天起")
    # Filled by the page that shows people who may be the same.
    same = RadioField("这位是", choices={}, validate_choice=False)

    def offer(
        self, organisations: Sequence[Organisation], *, with_members: bool, chosen: str = ""
    ) -> None:
        """Offer the organisations and relations that the reader may enter people for."""
        self.organisation.choices = choices_of(organisations, "请选择")
        relations = {Participation.GUEST.value: "来宾（外单位人员、居民、企业家）"}
        if with_members:
            relations |= {
                SELF_RELATION: "党员，组织关系在本支部",
                Participation.FLOATING.value: "流动党员，在这里参加组织生活",
                Participation.DOUBLE_REPORT.value: "双报到的在职党员",
                Participation.PART_TIME.value: "兼职委员",
            }
        self.relation.choices = relations
        if not self.is_submitted():
            self.organisation.data = chosen or default_organisation(organisations)
            self.relation.data = Participation.GUEST.value

    def participation(self) -> Participation | None:
        """Return the relation; None is the primary branch."""
        chosen = self.relation.data
        return None if chosen == SELF_RELATION else Participation(chosen)


class EditPersonForm(FactsForm):
    """The record, and the version it was read at. The phone is not shown, only replaced."""

    phone = PhoneField("新的电话")
    forget_phone = BooleanField("删除现在的电话")
    version = VersionField("版本")

    def facts_for(self, phone: str) -> Facts:
        """Return what was typed; an empty phone keeps the present one."""
        typed = self.facts()
        if typed.phone or self.forget_phone.data:
            return typed
        return Facts(**{**typed.__dict__, "phone": phone})


class StepForm(Form):
    """A dated step; `main` says what its button does."""

    def dated_today(self, name: str) -> None:
        """Fill a day in before the form is first shown."""
        if not self.is_submitted():
            self[name].data = clock.today()


class PlacedForm(StepForm):
    """A step in one of the organisations that the reader keeps."""

    organisation: SelectField

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Offer the organisations, none chosen."""
        self.organisation.choices = choices_of(organisations, "请选择")


class TransferForm(PlacedForm):
    """To which branch, and from when."""

    membership = HiddenField("现在的关系")
    organisation = SelectField("转入党支部", [InputRequired("请选择转入的支部。")])
    day = DayField(
        "从哪天起",
        [InputRequired("请填写日期。")],
        description="这一天起算在新支部，前一天为止算在原支部。",
    )


class JoinForm(PlacedForm):
    """In which organisation somebody takes part, why, and from when."""

    organisation = SelectField("参加的组织", [InputRequired("请选择组织。")])
    participation = RadioField(
        "原因",
        choices=words_of(Participation),
        validators=[InputRequired("请选择原因。")],
        default=Participation.FLOATING.value,
    )
    day = DayField("从哪天起", [InputRequired("请填写日期。")])


class EndMembershipForm(StepForm):
    """Why a relation ends, and from when it no longer holds."""

    reason = RadioField("原因", validators=[InputRequired("请选择原因。")])
    day = DayField(
        "从哪天起",
        [InputRequired("请填写日期。")],
        description="这一天起不再算在内；以前的记录都保留。",
    )

    def offer(self, kind: MembershipKind) -> None:
        """Offer the reasons that end a relation of this kind."""
        reasons = [EndReason.FINISHED, EndReason.MISTAKE]
        if kind is MembershipKind.PRIMARY:
            reasons = [
                EndReason.MOVED_OUT,
                EndReason.DECEASED,
                EndReason.LEFT,
                EndReason.MISTAKE,
            ]
        self.reason.choices = words_of(reasons)


class PostForm(PlacedForm):
    """A post, where, and since when."""

    organisation = SelectField("组织", [InputRequired("请选择组织。")])
    title = StringField(
        "职务",
        [DataRequired("请填写职务。"), Length(max=40, message=TOO_LONG)],
        filters=[tidy],
        description="如 党支部书记、组织委员。",
    )
    day = DayField("从哪天起")


class EndPostForm(StepForm):
    """From when a post is no longer held."""

    day = DayField("从哪天起不再担任", [InputRequired("请填写日期。")])


class ExemptionForm(StepForm):
    """Why, since when and until when somebody is exempt from organisation life."""

    reason = RadioField(
        "原因",
        choices=words_of(ExemptReason),
        validators=[InputRequired("请选择原因。")],
        description="只记大类，不记病情。",
    )
    since = DayField("从哪天起", [InputRequired("请填写日期。")])
    until = DayField(
        "到哪天为止", [Optional()], description="这一天以后自动恢复计入应到；没有期限的不填。"
    )


__all__ = [
    "EditPersonForm",
    "EndMembershipForm",
    "EndPostForm",
    "ExemptionForm",
    "JoinForm",
    "NewPersonForm",
    "PostForm",
    "TransferForm",
]
