"""Forms of signing in and of one's own password."""

from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from portal.people.fields import tidy
from portal.web.forms import Form, StringField

LONG = "最多 %(max)d 位。"


class LoginForm(Form):
    """User name and password."""

    username = StringField(
        "用户名",
        [InputRequired("请填写用户名。"), Length(max=40, message=LONG)],
        filters=[tidy],
    )
    password = PasswordField("密码", [InputRequired("请填写密码。"), Length(max=200, message=LONG)])


class ImportForm(Form):
    """A spreadsheet to import."""

    file = FileField(
        "文件",
        [FileRequired("请选择一个 .xlsx 或 .csv 文件。")],
        description=".xlsx 或 .csv，不超过 10 MB。标题行、合并单元格不用删，列的顺序随意。",
    )


class PasswordForm(Form):
    """The present password, and twice the new one; nothing of it ever comes back."""

    current = PasswordField(
        "当前密码", [InputRequired("请填写当前密码。"), Length(max=200, message=LONG)]
    )
    new = PasswordField("新密码", [InputRequired("请填写新密码。"), Length(max=200, message=LONG)])
    again = PasswordField(
        "再填一次新密码",
        [InputRequired("请再填一次新密码。"), EqualTo("new", "两次填写的新密码不一样。")],
    )
