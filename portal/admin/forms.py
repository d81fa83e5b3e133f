"""Forms of the system and the security administrator."""

from wtforms import SelectField
from wtforms.validators import InputRequired, Length

from portal.people.fields import DayField, NameField, PhoneField
from portal.people.models import Role
from portal.web.forms import Form, StringField

TOO_LONG = "最多 %(max)d 个字。"


class ExpiryForm(Form):
    """The last day of an account."""

    expires_on = DayField("最后可用的一天", description="留空表示长期有效；这一天过后不能登录。")


class AccountForm(ExpiryForm):
    """A user name for somebody who is known already."""

    username = StringField(
        "用户名",
        [InputRequired("请填写用户名。"), Length(max=40, message="最多 %(max)d 位。")],
        description="3 至 32 位，字母开头，只用小写字母、数字和 . _ -。开立后不能改。",
    )


class NewPersonAccountForm(AccountForm):
    """Somebody who is in no roster yet, and a user name."""

    name = NameField("姓名", [InputRequired("请填写姓名。")])
    phone = PhoneField("电话", description="用于核对身份，也防止密码中出现手机号。")
    work_unit = StringField("工作单位", [Length(max=80, message=TOO_LONG)])
    post = StringField("职务", [Length(max=60, message=TOO_LONG)])
    organisation = SelectField(
        "登记在哪个组织",
        [InputRequired("请选择组织。")],
        description="作为来宾登记，不计入该组织的应到人数。",
    )


class GrantForm(Form):
    """A role over a part of the tree, for a time."""

    role = SelectField("角色", [InputRequired("请选择角色。")])
    organisation = SelectField(
        "组织范围",
        description="权限及于这个组织和它下面的所有组织。三员角色不选组织。",
    )
    valid_from = DayField("开始日", description="留空表示立即生效。")
    valid_to = DayField("结束日", description="留空表示长期有效；当天仍有效。")

    def offer(self, organisations: dict[str, str]) -> None:
        """Let any role over any of the organisations be chosen."""
        self.role.choices = {"": "请选择", **{role.value: role.label for role in Role}}
        self.organisation.choices = organisations
