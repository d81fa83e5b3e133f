"""Forms of the people room."""

from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal.web.forms import Form, StringField


class LoginForm(Form):
    """User name and password."""

    username = StringField("用户名", [InputRequired("请填写用户名。"), Length(max=40)])
    password = PasswordField("密码", [InputRequired("请填写密码。"), Length(max=200)])
