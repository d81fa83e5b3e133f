"""Forms of leave and of lessons made up."""

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, FileField, RadioField, ValidationError
from wtforms.validators import InputRequired

from portal.leaves.models import (
    LONGEST_PROOF,
    LONGEST_PROVIDER,
    LONGEST_REASON,
    LeaveKind,
    MakeUpMethod,
)
from portal.leaves.services import Details
from portal.people.fields import DayField, tidy
from portal.signups.forms import NumbersField
from portal.web.forms import AtMost, Form, StringField
from portal.web.numbers import row_number

_MOST_HOURS = 16


class LeaveForm(Form):
    """Which kind of leave, and why."""

    kind = RadioField(
        "哪种假",
        [InputRequired("请选择哪种假。")],
        choices={kind.value: kind.label for kind in LeaveKind},
        description="；".join(f"{kind.label}：{kind.explanation}" for kind in LeaveKind) + "。",
    )
    reason = StringField(
        "事由", [AtMost("事由", LONGEST_REASON)], description="只有审批人能看到，一句话即可。"
    )

    @property
    def chosen(self) -> LeaveKind:
        """The kind that was chosen."""
        return LeaveKind(self.kind.data)


class PersonField(StringField):
    """The id of the person that was chosen."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what can be an id."""
        self.data = None
        if valuelist:
            try:
                self.data = row_number(valuelist[0])
            except ValueError:
                self.data = None


class EnterForm(LeaveForm):
    """A leave that somebody asked for by telephone."""

    person = PersonField("谁请假", [InputRequired("请先找到并选中请假的人。")])
    proof_seen = BooleanField("证明材料已看过（不留存）")


class DecideForm(Form):
    """Yes, with or without a paper that was seen; or no, and why."""

    proof_seen = BooleanField("证明材料已看过（不留存）")
    note = StringField(
        "理由", [AtMost("理由", LONGEST_REASON)], description="不批准、撤销时要写，本人会看到。"
    )


class ProofForm(Form):
    """The file that proves what was written down."""

    file = FileField("凭据文件", [InputRequired("请先选择文件。")])


class MakeUpForm(Form):
    """Who has made the lesson up, how, when, with whom."""

    person = NumbersField("谁补了课")
    method = RadioField(
        "方式",
        [InputRequired("请选择补课方式。")],
        choices={method.value: method.label for method in MakeUpMethod},
    )
    made_on = DayField("日期", [InputRequired("请填写补课的日期。")])
    provider = StringField(
        "由谁讲、在哪里",
        [AtMost("由谁讲、在哪里", LONGEST_PROVIDER)],
        filters=[tidy],
    )
    hours = StringField("学时", description="按本次活动的学时填写，可以是半个；不计学时就空着。")
    proof = StringField(
        "凭据",
        [AtMost("凭据", LONGEST_PROOF)],
        description="例如：学习笔记已看过；已在他场签到。不要求拍照。",
    )
    file = FileField("凭据文件")

    def validate_hours(self, field: StringField) -> None:
        """Whole and half hours up to two days."""
        self.halves(field.data or "")

    def halves(self, typed: str) -> int:
        """Return the study hours in halves."""
        try:
            doubled = Decimal(typed or "0") * 2
            if not doubled.is_finite() or doubled != int(doubled) or doubled < 0:
                raise InvalidOperation
        except InvalidOperation:
            raise ValidationError("学时请填数字，最小到半个，例如 1.5。") from None
        if doubled > _MOST_HOURS * 2:
            raise ValidationError(f"补课的学时最多 {_MOST_HOURS} 个。")
        return int(doubled)

    def details(self) -> Details:
        """Return what was typed."""
        return Details(
            method=MakeUpMethod(self.method.data),
            made_on=self.made_on.data,
            provider=self.provider.data or "",
            credit_halves=self.halves(self.hours.data or ""),
            proof=self.proof.data or "",
        )
