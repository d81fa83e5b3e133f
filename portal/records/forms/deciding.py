"""Forms of what is decided: votes, resolutions, how far these have come."""

from typing import Any

from wtforms import RadioField, ValidationError
from wtforms.validators import InputRequired

from portal.people.fields import DayField, NumberField
from portal.records.forms.text import text_of
from portal.records.models import Progress, VoteBasis, VoteMethod
from portal.records.models.vote import (
    LONGEST_MATTER,
    LONGEST_NOTE,
    LONGEST_OWNER,
    LONGEST_RESOLUTION,
)
from portal.records.services import Ballot
from portal.web.forms import AtMost, Form, StringField, TextAreaField

# No hall of the sub-district holds more.
_MOST_PEOPLE = 10_000


def _people(label: str, **more: Any) -> NumberField:
    return NumberField(label, most=_MOST_PEOPLE, **more)


class VoteForm(Form):
    """The numbers of a vote as they were counted in the room."""

    matter = StringField(
        "表决事项",
        [
            InputRequired("请写明表决什么；选举一位候选人填一次。"),
            AtMost("表决事项", LONGEST_MATTER),
        ],
        description="选举的，一位候选人填一次，写候选人姓名。",
    )
    basis = RadioField(
        "按哪条规则",
        [InputRequired("请选择按哪条规则计算。")],
        choices={one.value: one.label for one in VoteBasis},
        coerce=VoteBasis,
    )
    method = RadioField(
        "表决方式",
        [InputRequired("请选择表决方式。")],
        choices={one.value: one.label for one in VoteMethod},
        coerce=VoteMethod,
    )
    listed = _people("委员会委员人数", description="只有委员会表决要填；党员大会和选举按名册计算。")
    without_vote = _people("名册中没有表决权的人数", description="预备党员、留党察看期间的党员等。")
    left_out = _people(
        "经批准不计入应到会的人数",
        description="长期卧床、出国半年以上等六种情形，要上级批准、党员大会通过；生病请假的不在此列。",
    )
    left_out_basis = StringField(
        "不计入的依据",
        [AtMost("不计入的依据", LONGEST_NOTE)],
        description="批复文号或会议日期。",
    )
    present = _people(
        "到会有表决权的人数",
        validators=[InputRequired("请填写到会有表决权的人数：没有它看不出表决是否有效。")],
    )
    votes_for = _people("赞成", validators=[InputRequired("请填写赞成的票数。")])
    votes_against = _people("反对")
    abstained = _people("弃权")
    invalid = _people("无效票")

    def ballot(self) -> Ballot:
        """Return the numbers for the service."""
        basis = self.basis.data
        return Ballot(
            matter=self.matter.data or "",
            basis=basis,
            method=self.method.data,
            present=self.present.data or 0,
            votes_for=self.votes_for.data or 0,
            votes_against=self.votes_against.data or 0,
            abstained=self.abstained.data or 0,
            invalid=self.invalid.data or 0,
            without_vote=self.without_vote.data or 0,
            left_out=self.left_out.data or 0,
            left_out_basis=self.left_out_basis.data or "",
            listed=self.listed.data if basis is VoteBasis.COMMITTEE else None,
        )

    def validate_listed(self, field: NumberField) -> None:
        """A committee is counted by its members: the roll does not say who they are."""
        if self.basis.data is VoteBasis.COMMITTEE and field.data is None:
            raise ValidationError("请填写委员会有多少委员：超过半数到会才能开会。")


class ResolutionForm(Form):
    """What was resolved, who sees to it, until when."""

    text = TextAreaField(
        "议定事项",
        [InputRequired("请写明议定了什么。"), AtMost("议定事项", LONGEST_RESOLUTION)],
        filters=[text_of],
    )
    owner = StringField(
        "由谁落实",
        [
            InputRequired("请写明由谁落实：没有人负责的决议不会有结果。"),
            AtMost("由谁落实", LONGEST_OWNER),
        ],
        description="姓名或单位。",
    )
    due_on = DayField("完成日期")


class ProgressForm(Form):
    """How far a resolution has come."""

    progress = RadioField(
        "现在到了哪一步",
        [InputRequired("请选择到了哪一步。")],
        choices={one.value: one.label for one in Progress},
        coerce=Progress,
    )
    note = StringField("进展", [AtMost("进展", LONGEST_NOTE)])
