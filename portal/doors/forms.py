"""The shape of what is typed about doors."""

from collections.abc import Iterable

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from portal.people.models import Organisation
from portal.web.forms import AtMost, Form, MomentField, StringField


class StandingTokenForm(Form):
    """A token for a door that stands for all events of an organisation."""

    name = StringField(
        "设备名称",
        [InputRequired("请写设备名称，例如“党群中心闸机”。"), AtMost("设备名称", 60)],
        description="放在哪里、是什么设备，例如“党群中心闸机”。",
    )
    organisation = SelectField(
        "用于哪个组织的活动",
        [InputRequired("请选择组织。")],
        description="包括它下级组织主办的活动。",
    )
    expires_at = MomentField("到期时间", [InputRequired("请填写到期时间。")])

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Let the reader choose among these."""
        self.organisation.choices = [("", "请选择")] + [
            (str(one.id), f"{'　' * (one.path.count('/') - 2)}{one.short_name}")
            for one in organisations
        ]


class TokenForm(Form):
    """A token for one event."""

    name = StringField(
        "设备名称",
        [InputRequired("请写设备名称，例如“东门平板”。"), AtMost("设备名称", 60)],
        description="放在哪里、是什么设备，例如“东门平板”。",
    )
    may_read = BooleanField("读名册（断网时认人要用）")
    may_write = BooleanField("登记签到")
    expires_at = MomentField("到期时间", [InputRequired("请填写到期时间。")])
