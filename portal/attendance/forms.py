"""The shape of what is typed on the roll and at the door."""

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from portal.attendance.models import AttendanceStatus
from portal.web.forms import Form, MomentField, StringField

NO_CODE = "请输入现场屏幕上的签到码。"
# What somebody can be after the confirmation: nobody is expected any more.
CORRECTABLE = [status for status in AttendanceStatus if status is not AttendanceStatus.EXPECTED]


class MarkForm(Form):
    """One mark: the status, and the reason where one is due."""

    status = HiddenField(
        "状态",
        [InputRequired("请选择状态。"), AnyOf(list(AttendanceStatus), "没有这种签到状态。")],
    )
    reason = StringField("理由", [Length(max=200, message="理由最多 200 个字。")])
    client_id = HiddenField(validators=[Length(max=40)])


class CorrectionForm(Form):
    """A correction after the confirmation."""

    status = SelectField("更正为", [InputRequired("请选择更正后的状态。")])
    reason = StringField(
        "理由",
        [
            InputRequired("名册已经确认，更正要写明理由。"),
            Length(max=200, message="理由最多 200 个字。"),
        ],
        description="例如：纸质签到表上有本人签名，点名时漏记。",
    )

    def offer(self, statuses: Iterable[AttendanceStatus]) -> None:
        """Let the reader choose among these."""
        self.status.choices = [(status.value, status.label) for status in statuses]


class SigningOutForm(Form):
    """Whether people sign out, and what follows from it; minutes."""

    signs_out = BooleanField("这次活动要签退")
    early_grace = IntegerField(
        "提前多久离开要核对（分钟）",
        [InputRequired("请填写分钟数，是零或者正整数。")],
        description="比结束时间早这么多分钟以上离开的，核对名册时提示早退。",
    )
    minimum_stay = IntegerField(
        "签到多久以后再签算离开（分钟）",
        [InputRequired("请填写分钟数，是正整数。")],
        description="刚签到又扫一次不算离开；过了这段时间，再签一次就是签退。",
    )


class LeavingForm(Form):
    """When somebody left, as the host knows it."""

    left_at = MomentField("离开的时间", [Optional()], description="不填表示没有离开。")
    left_reason = StringField("理由", [Length(max=200, message="理由最多 200 个字。")])


class HeadCountForm(Form):
    """How many people were counted in the room."""

    people = IntegerField(
        "现场清点人数",
        [InputRequired("请填写现场清点的人数，是零或者正整数。")],
        description="在场的所有人，包括列席和来宾，不包括工作人员。",
    )


class CodeForm(Form):
    """The code on the wall, typed."""

    code = StringField(
        "签到码",
        [InputRequired(NO_CODE), Length(max=40, message="签到码没有这么长。")],
        description="现场屏幕上的字母和数字，或者六位数字码；空格和大小写都不要紧。",
    )
