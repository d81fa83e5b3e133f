"""The shape of what is typed about doors."""

from collections.abc import Iterable

from wtforms import BooleanField, FileField, HiddenField, PasswordField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

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


class KioskForm(Form):
    """A kiosk, as its host leaves it at the door."""

    name = StringField(
        "放在哪里",
        [InputRequired("请写放在哪里，例如“东门”。"), AtMost("放在哪里", 60)],
        description="名册上会写明是在哪里签到的，例如“东门”。",
    )
    pin = PasswordField(
        "退出用的 PIN",
        [InputRequired("请设一个 PIN。")],
        description="4 到 8 位数字，退出自助签到时要输。请告诉守门的同事，不要写在机器旁边。",
    )
    masks_names = BooleanField("姓名打星号（李*静），用单位和手机尾号分辨同名的人")
    takes_tails = BooleanField("也可以输入姓名和手机尾号四位")


class PinForm(Form):
    """The way out of a kiosk."""

    pin = PasswordField("PIN", [InputRequired("请输入 PIN。")])


class TailForm(Form):
    """Somebody's name and the end of the phone number."""

    name = StringField("姓名", [InputRequired("请输入姓名。"), AtMost("姓名", 60)])
    tail = StringField(
        "手机尾号四位",
        [
            InputRequired("请输入手机号的最后四位。"),
            Regexp(r"[0-9]{4}\Z", message="尾号是四位数字。"),
        ],
    )


class WallForm(Form):
    """What the wall shows."""

    masks_names = BooleanField("大屏上的姓名打星号（李*静）")
    has_short_code = BooleanField("大屏上另外显示六位数字码，供小会用手输入")


class ScanForm(Form):
    """One scan; `waited` are the milliseconds that the page kept it back."""

    shown = StringField("签到凭证", [DataRequired("没有扫到内容，请再扫一次。")])
    client_id = HiddenField(validators=[Length(max=40)])
    door = HiddenField(validators=[AtMost("门的名称", 60)])
    waited = HiddenField()

    @property
    def waited_milliseconds(self) -> int:
        """Return how long it was kept back; 0 for what is no number."""
        text = self.waited.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class PageCodeForm(Form):
    """The code on a page of paper."""

    code = StringField(
        "页码",
        [InputRequired("请输入页码。")],
        description="印在签到表每一页的右下角，例如 0C 01 X；空格和大小写都不要紧。",
    )


class PaperForm(Form):
    """Who has signed on a page, and why that is entered now."""

    way = RadioField(
        "勾选的和写的序号是",
        [InputRequired("请选择。")],
        choices={"signed": "签了名的人", "all_but": "没有签名的人，其余都到了"},
    )
    numbers = StringField(
        "或者写序号",
        [Length(max=400, message="序号写得太长了。")],
        description="例如 3、7、10-12；和上面的勾选合在一起算。",
    )
    reason = StringField(
        "补录原因",
        [InputRequired("请写补录原因。"), AtMost("补录原因", 200)],
        description="例如：现场断网，用纸质签到表签到。",
    )
    file = FileField(
        "签到表扫描件",
        description="这一页的照片或扫描件，存进主办方的资料库，只有主办方能看。",
    )
