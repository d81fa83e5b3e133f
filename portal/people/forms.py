"""Forms of the people room."""

from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.web.forms import Form, StringField


class LoginForm(Form):
    """User name and password."""

    username = StringField("用户名", [InputRequired("请填写用户名。"), Length(max=40)])
    password = PasswordField("密码", [InputRequired("请填写密码。"), Length(max=200)])


class ImportForm(Form):
    """A spreadsheet to import."""

    file = FileField(
        "文件",
        [FileRequired("请选择一个 .xlsx 或 .csv 文件。")],
        description=".xlsx 或 .csv，不超过 10 MB。标题行、合并单元格不用删，列的顺序随意。",
    )
