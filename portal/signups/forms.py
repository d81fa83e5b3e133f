"""Forms of the sign-up room."""

from wtforms import Field
from wtforms.validators import DataRequired, InputRequired, Length

from portal.people.fields import NameField, PhoneField, tidy
from portal.signups.services import LONGEST_REASON
from portal.web.forms import Form, StringField
from portal.web.numbers import row_numbers

# How many people one press of the button signs up at most.
MOST_AT_ONCE = 500
_REASON = Length(max=LONGEST_REASON, message=f"原因最多 {LONGEST_REASON} 个字。")


class CancelForm(Form):
    """Taking one's own sign-up back; a reason is welcome, not asked for."""

    reason = StringField("原因", [_REASON], description="主办方能看到，便于安排。")


class RemoveForm(Form):
    """Taking somebody off the list."""

    reason = StringField(
        "原因", [DataRequired("请写明原因。"), _REASON], description="本人能看到，也记入变动记录。"
    )


class NumbersField(Field):
    """Ids of ticked rows; what cannot be an id is left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what is a plausible id."""
        self.data = row_numbers(valuelist)


class AddForm(Form):
    """Ticked people and whole branches."""

    person = NumbersField("人员")
    branch = NumbersField("支部")


class WalkInForm(Form):
    """Somebody from outside the roster: a name suffices."""

    name = NameField("姓名", validators=[InputRequired("请填写姓名。")])
    unit = StringField("单位", [Length(max=80, message="单位最多 80 个字。")], filters=[tidy])
    phone = PhoneField("电话")
