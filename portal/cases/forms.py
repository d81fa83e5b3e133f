"""Forms of cases."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.cases.models import (
    DUE_KEYS,
    LONGEST_CATEGORY,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_STEP,
    LONGEST_WORDS,
    AskerSight,
    CallBackMethod,
    CaseKind,
    CaseLevel,
    CaseSource,
    Counting,
    Limit,
    LimitKey,
    Openness,
    Satisfaction,
)
from portal.cases.queries import InCharge
from portal.cases.services import Answer, Asker, Details, Facts
from portal.events.models import Event
from portal.people.fields import DayField, NumberField, PhoneField, VersionField, tidy
from portal.people.models import Organisation
from portal.people.person_forms import short_choices_of
from portal.records.models import Statement
from portal.web.forms import AtMost, Form, StringField, TextAreaField, lines

Choices = Sequence[Organisation]
NOBODY = ""


def _organisation_choices(found: Choices) -> list[tuple[str, str]]:
    return list(short_choices_of(found).items())


def _chosen(found: Choices, typed: str | None) -> Organisation | None:
    return next((one for one in found if str(one.id) == typed), None)


def _words_field(
    description: str = "怎么说就怎么记，不概括、不润色。登记以后不能改，只能补充。", **more: Any
) -> TextAreaField:
    return TextAreaField(
        "原话",
        [InputRequired("请写下原话，一字一句照记。"), AtMost("原话", LONGEST_WORDS)],
        description=description,
        **more,
    )


class AskerFields(Form):
    """Who asked, as far as it may be kept."""

    asker_sight = RadioField(
        "诉求人怎样登记",
        choices={one.value: one.label for one in AskerSight},
        default=AskerSight.NAMED.value,
    )
    asker_name = StringField(
        "诉求人称呼",
        [AtMost("称呼", LONGEST_NAME)],
        filters=[tidy],
        description="只用来回访，销号半年后自动清除。",
    )
    asker_phone = PhoneField("诉求人电话")

    def asker(self, person_id: int | None = None) -> Asker:
        """Return who asked, as typed."""
        return Asker(
            AskerSight(self.asker_sight.data),
            self.asker_name.data or "",
            self.asker_phone.data or "",
            person_id,
        )


class FactsForm(AskerFields):
    """What is known of a case beside its words."""

    kind = RadioField(
        "这是什么",
        [InputRequired("请选择类别。")],
        choices={one.value: one.label for one in CaseKind},
    )
    source = SelectField("来源", choices={one.value: one.label for one in CaseSource})
    organisation = SelectField(
        "哪个社区、支部的事",
        [InputRequired("请选择组织。")],
        description="这里和上级看得到这件事。",
    )
    place = StringField(
        "地点",
        [AtMost("地点", LONGEST_PLACE)],
        filters=[tidy],
        description="小区、路段、门店，写到能找到。",
    )
    level = SelectField(
        "层级",
        choices={one.value: one.label for one in CaseLevel},
        description="小事不出网格、社区，大事不出街道。",
    )
    category = StringField("事项分类", [AtMost("事项分类", LONGEST_CATEGORY)], filters=[tidy])
    helpers = SelectMultipleField(
        "协办单位",
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, own: Choices, leads: Choices, people: Sequence[InCharge] = ()) -> None:
        """Set which organisations can be chosen."""
        self._own, self._leads, self._people = own, leads, people
        self.organisation.choices = _organisation_choices(own)
        self.helpers.choices = _organisation_choices(leads)

    @property
    def chosen_organisation(self) -> Organisation:
        """The organisation that was chosen; only those on offer pass the form."""
        found = _chosen(self._own, self.organisation.data)
        assert found is not None  # noqa: S101  the form has been validated
        return found

    @property
    def chosen_helpers(self) -> tuple[Organisation, ...]:
        """The units that help."""
        ids = set(self.helpers.data or ())
        return tuple(one for one in self._leads if str(one.id) in ids)

    def facts(self, asker_id: int | None) -> Facts:
        """Return what was typed."""
        return Facts(
            kind=CaseKind(self.kind.data),
            source=CaseSource(self.source.data),
            level=CaseLevel(self.level.data),
            place=self.place.data or "",
            category=self.category.data or "",
            organisation=self.chosen_organisation,
            helpers=self.chosen_helpers,
            asker=self.asker(asker_id),
        )


class EditForm(FactsForm):
    """Facts that are put right; `version` says what they were filled from."""

    version = VersionField()


class LeadFields(Form):
    """The unit in charge, and whoever is named."""

    lead = SelectField("主办单位", [Optional()], default=NOBODY)
    lead_person = SelectField("承办人", [Optional()], default=NOBODY)

    def offer_leads(self, leads: Choices, people: Sequence[InCharge], usual: str) -> None:
        """Set who can be given the case; nothing chosen is `usual`."""
        self._of_lead, self._named = leads, people
        self.lead.choices = [(NOBODY, usual), *_organisation_choices(leads)]
        self.lead_person.choices = [
            (NOBODY, "由主办单位安排"),
            *((str(one.id), f"{one.name}（{one.duty}）") for one in people),
        ]

    @property
    def chosen_lead(self) -> Organisation | None:
        """The unit that was chosen; None is the usual one."""
        return _chosen(self._of_lead, self.lead.data)

    @property
    def chosen_person(self) -> int | None:
        """The person that was named."""
        return int(self.lead_person.data) if self.lead_person.data else None


class NewForm(FactsForm, LeadFields):
    """A case that is taken down."""

    words = _words_field()
    limit = RadioField("办理时限", default=LimitKey.DUE.value)
    event = HiddenField()
    statement = HiddenField()

    def offer_limits(self, limits: dict[LimitKey, Limit]) -> None:
        """Set how long a case may take."""
        self.limit.choices = [
            (key.value, f"{key.label.removesuffix('办结')}：{limits[key].words}")
            for key in DUE_KEYS
        ]

    def details(
        self, limits: dict[LimitKey, Limit], event: Event | None, statement: Statement | None
    ) -> Details:
        """Return what was typed; the words of a statement stand as they were taken down."""
        facts = self.facts(statement.speaker_id if statement else None)
        limit = limits[LimitKey(self.limit.data)]
        return Details(
            words=statement.text if statement else lines(self.words.data),
            statement_id=statement.id if statement else None,
            kind=facts.kind,
            source=facts.source,
            organisation=facts.organisation,
            lead=self.chosen_lead or facts.organisation,
            lead_person_id=self.chosen_person,
            helpers=facts.helpers,
            place=facts.place,
            level=facts.level,
            category=facts.category,
            asker=facts.asker,
            due=(limit.amount, limit.counting),
            event=event,
        )


class SpotForm(AskerFields):
    """Taken down and settled in one short form, which a phone shows as a whole."""

    words = _words_field("怎么说就怎么记，登记以后只能补充。")
    kind = RadioField(
        "这是什么",
        choices={one.value: one.label for one in CaseKind},
        default=CaseKind.QUESTION.value,
    )
    measures = TextAreaField(
        "当场怎么解决的",
        [InputRequired("请写明当场怎么解决的。"), AtMost("措施", LONGEST_STEP)],
    )
    organisation = SelectField("哪个社区、支部的事", [InputRequired("请选择组织。")])
    place = StringField("地点", [AtMost("地点", LONGEST_PLACE)], filters=[tidy])
    confirmed = BooleanField("诉求人当面确认已经解决、满意")
    event = HiddenField()

    def offer(self, own: Choices) -> None:
        """Set which organisations can be chosen."""
        self._own = own
        self.organisation.choices = _organisation_choices(own)

    def details(self, source: CaseSource, event: Event | None) -> Details:
        """Return what was typed."""
        organisation = _chosen(self._own, self.organisation.data)
        assert organisation is not None  # noqa: S101  the form has been validated
        return Details(
            words=lines(self.words.data),
            kind=CaseKind(self.kind.data),
            source=source,
            organisation=organisation,
            lead=organisation,
            place=self.place.data or "",
            asker=self.asker(),
            event=event,
        )


class StepForm(LeadFields):
    """One step; which of the fields are shown depends on the move."""

    words = TextAreaField("说明", [AtMost("说明", LONGEST_STEP)])
    contacted = BooleanField("已经联系过诉求人")
    days = NumberField("申请延期几个工作日", most=365)
    method = RadioField(
        "怎样回访的",
        choices={one.value: one.label for one in CallBackMethod if one is not CallBackMethod.CODE},
        default=CallBackMethod.PHONE.value,
    )
    is_solved = RadioField(
        "诉求人说解决了吗", [Optional()], choices={"yes": "解决了", "no": "没有解决"}
    )
    satisfaction = RadioField(
        "诉求人满意吗", [Optional()], choices={one.value: one.label for one in Satisfaction}
    )

    @property
    def text(self) -> str:
        """What was written."""
        return lines(self.words.data)

    def answer(self) -> Answer | None:
        """Return what the asker answered; None, with words beside the fields, if not said."""
        if not self.is_solved.data:
            self.is_solved.errors = ["请选择诉求人的回答；没有问到就登记“回访未接通”。"]
        if not self.satisfaction.data:
            self.satisfaction.errors = ["请选择诉求人的回答，不能替诉求人填。"]
        if not (self.is_solved.data and self.satisfaction.data):
            return None
        return Answer(
            CallBackMethod(self.method.data),
            self.is_solved.data == "yes",
            Satisfaction(self.satisfaction.data),
            self.text,
        )


class CodeForm(Form):
    """The asker's code."""

    code = StringField(
        "查询码",
        [InputRequired("请输入登记时给您的查询码。")],
        description="12 位数字和字母，空格和大小写都可以。",
    )


class OwnAnswerForm(CodeForm):
    """What the asker says, without an account."""

    code = HiddenField()
    answer = RadioField(
        "这件事解决得怎样",
        [InputRequired("请选择一项。")],
        choices={
            "satisfied": "已经解决，满意",
            "fairly": "已经解决，基本满意",
            "not": "没有解决，或者不满意",
        },
    )
    words = TextAreaField(
        "想说的话", [AtMost("想说的话", LONGEST_STEP)], description="不满意的，请说说哪里不满意。"
    )


class FilterForm(Form):
    """A name for the filters that stand in the address."""

    name = StringField("名称")
    asked = HiddenField()


class ExcludeForm(Form):
    """Why a case does not count; nothing typed counts it again."""

    reason = StringField("不计入统计的理由", [AtMost("理由", 200)])


class OpennessForm(Form):
    """Who may read a case beside the units that handle it."""

    openness = RadioField(
        "谁可以看",
        [InputRequired("请选择公开范围。")],
        choices={one.value: one.label for one in Openness},
    )


class LimitForm(Form):
    """A limit, from a day on, with the text that it comes from."""

    key = SelectField("哪一项", choices={one.value: one.label for one in LimitKey})
    amount = NumberField("数量", [InputRequired("请填写数量。")], most=365)
    counting = RadioField(
        "单位",
        choices={one.value: one.label.removeprefix("个") for one in Counting},
        default=Counting.WORKING_DAYS.value,
    )
    valid_from = DayField("从哪天起", [InputRequired("请填写从哪天起。")])
    source = StringField("依据", [InputRequired("请写明依据的文件或规定。"), AtMost("依据", 200)])
