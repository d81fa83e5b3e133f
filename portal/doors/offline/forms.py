"""The shape of what is typed about staff pages."""

from wtforms import HiddenField
from wtforms.validators import DataRequired

from portal.web.forms import AtMost, Form, StringField


class DeviceForm(Form):
    """The device that is got ready."""

    name = StringField(
        "这台设备叫什么",
        [DataRequired("请写这台设备的名称，例如“东门平板”。"), AtMost("设备名称", 60)],
        description="登记经过里会写明是哪台设备。",
    )


class NameForm(Form):
    """Who somebody was, or why nobody is counted."""

    act = HiddenField()
    reason = StringField("不计入的理由", [AtMost("理由", 200)])
