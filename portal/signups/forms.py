"""Forms of the sign-up room."""

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from portal.events.details import MOST_PLACES
from portal.people.fields import NameField, PhoneField, tidy
from portal.people.models import Organisation
from portal.signups.answer_models import LONGEST_POST
from portal.signups.models import OfferEnd
from portal.signups.question_models import QuestionKind
from portal.signups.questions import LONGEST_LABEL, MOST_QUESTIONS, Question, written_choices
from portal.signups.rules import USUAL_RELEASE_HOURS, Rules
from portal.signups.services import LONGEST_REASON, UnitWish
from portal.web.forms import AtMost, Form, StringField, TextAreaField
from portal.web.numbers import LARGEST_ID, row_numbers

# How many people one press of the button signs up at most.
MOST_AT_ONCE = 500
LONGEST_LIST = 20_000
_REASON = Length(max=LONGEST_REASON, message=f"原因最多 {LONGEST_REASON} 个字。")


class CancelForm(Form):
    """Taking one's own sign-up back; a reason is welcome, not asked for."""

    reason = StringField("原因", [_REASON], description="主办方能看到，便于安排。")


class RemoveForm(Form):
    """Taking somebody off the list."""

    reason = StringField(
        "原因", [DataRequired("请写明原因。"), _REASON], description="本人能看到，也记入变动记录。"
    )


class NumbersField(Field):
    """Ids of ticked rows; what cannot be an id is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what is a plausible id."""
        self.data = row_numbers(valuelist)


class AddForm(Form):
    """Ticked people and whole branches."""

    person = NumbersField("人员")
    branch = NumbersField("支部")
    together = BooleanField("这些人一起参加")


class WrittenForm(Form):
    """A list of names, pasted or in a file."""

    names = TextAreaField(
        "名单或接龙",
        [AtMost("名单", LONGEST_LIST)],
        description="微信接龙可以整段粘贴；也可以一行一个，或用顿号、逗号隔开。"
        "写了手机号或尾号的，重名时更容易对上。",
    )
    file = FileField("或者选择文件", description=".xlsx 或 .csv，要有“姓名”一列。")
    together = BooleanField("这些人一起参加")


class HelperForm(Form):
    """Who may sign somebody up, and what the two are to each other."""

    relation = StringField(
        "关系",
        [DataRequired("请写明关系。"), Length(max=20, message="关系最多 20 个字。")],
        description="例如：女儿、邻居。",
    )
    helper = IntegerField("谁", [NumberRange(1, LARGEST_ID, "请选一个人。")])


class WalkInForm(Form):
    """Somebody from outside the roster: a name suffices."""

    name = NameField("姓名", validators=[InputRequired("请填写姓名。")])
    unit = StringField("单位", [Length(max=80, message="单位最多 80 个字。")], filters=[tidy])
    phone = PhoneField("电话")


class AnswerForm(Form):
    """Letting people in, or not: those who are ticked, and why not."""

    signup = NumbersField("报名")
    reason = StringField("原因", [_REASON], description="不通过时要写，本人能看到。")


class StandInForm(Form):
    """Who comes instead: somebody of the unit, or the name, unit and post of somebody else."""

    person = NumbersField("本单位的人")
    name = NameField("姓名")
    unit = StringField("单位", [Length(max=80, message="单位最多 80 个字。")], filters=[tidy])
    post = StringField(
        "职务",
        [Length(max=LONGEST_POST, message=f"职务最多 {LONGEST_POST} 个字。")],
        filters=[tidy],
        description="写在名单上，例如：副主任。",
    )


class ReasonForm(Form):
    """Why the order of the queue is changed."""

    reason = StringField(
        "原因", [DataRequired("请写明原因。"), _REASON], description="本人能看到，也记入变动记录。"
    )


class UnitRow(PlainForm):
    """A unit, the most places for it, and those kept for it."""

    class Meta:
        """Messages in Chinese, as in every form."""

        locales = ("zh",)

    organisation = SelectField("单位", [Optional()], coerce=str)
    most = IntegerField("最多", [Optional(), NumberRange(0, MOST_PLACES, "请填写数字。")])
    floor = IntegerField("保留", [Optional(), NumberRange(0, MOST_PLACES, "请填写数字。")])


class QuestionRow(PlainForm):
    """One question of the sign-up; without a label it is none."""

    class Meta:
        """Messages in Chinese, as in every form."""

        locales = ("zh",)

    label = StringField("问什么", [Length(max=LONGEST_LABEL, message="题目最多 60 个字。")])
    kind = SelectField(
        "怎样回答", choices={kind.value: kind.label for kind in QuestionKind}, default="text"
    )
    choices = TextAreaField(
        "选项",
        [AtMost("选项", 1000)],
        description="选择题才填，一行一个；限人数的写在冒号后面，例如“午餐A：20”。",
    )
    is_required = BooleanField("必须回答")


class QuestionsForm(Form):
    """What is asked of those who sign up."""

    rows = FieldList(FormField(QuestionRow), label="题目", max_entries=MOST_QUESTIONS)

    def questions(self) -> list[Question]:
        """Return what was written; raise InvalidInputError for choices that cannot be."""
        found = []
        for row in self.rows.data:
            label = (row["label"] or "").strip()
            if not label:
                continue
            kind = QuestionKind(row["kind"])
            is_choice = kind is QuestionKind.CHOICE
            choices = written_choices(row["choices"] or "") if is_choice else []
            found.append(Question(label, kind, bool(row["is_required"]), choices))
        return found


class RulesForm(Form):
    """How sign-up to an event goes."""

    needs_approval = BooleanField("报名需要审核")
    offer_hours = IntegerField(
        "轮到候补时先问本人，答复时限",
        [Optional()],
        description="工作小时，例如 4。工作日 9:00–18:00 才算，节假日不算。不填就直接转为已报名。",
    )
    offer_end = RadioField(
        "答复最迟到", choices={end.value: end.label for end in OfferEnd}, default="start"
    )
    cancel_hours = IntegerField(
        "取消报名截止：活动开始前几小时",
        [Optional()],
        description="过了就不能自己取消，要向主办方请假。不填就是开始前都可以取消。",
    )
    release_hours = IntegerField(
        "保留的名额：报名截止前几小时放开",
        [Optional()],
        description="为单位保留、到时没有用完的名额，放开给所有人，先递补候补的人。",
    )
    units = FieldList(FormField(UnitRow), label="各单位的名额")

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Set which units can be chosen."""
        choices = {"": "（选择单位）", **{str(one.id): one.name for one in organisations}}
        for row in self.units:
            row.form.organisation.choices = choices

    def rules(self) -> Rules:
        """Return the rules that were typed; the form has been validated."""
        release = self.release_hours.data
        return Rules(
            needs_approval=bool(self.needs_approval.data),
            offer_hours=self.offer_hours.data,
            offer_end=OfferEnd(self.offer_end.data or OfferEnd.START),
            cancel_hours=self.cancel_hours.data,
            release_hours=USUAL_RELEASE_HOURS if release is None else release,
        )

    def wishes(self, organisations: Sequence[Organisation]) -> list[UnitWish]:
        """Return the units that were chosen, with their figures; rows without figures are none."""
        known = {str(one.id): one for one in organisations}
        return [
            UnitWish(known[row["organisation"]], row["most"], row["floor"] or 0)
            for row in self.units.data
            if row["organisation"] in known and (row["most"] is not None or row["floor"])
        ]
