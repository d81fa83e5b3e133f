"""What is typed to have an archive made."""

from wtforms import SelectField
from wtforms.validators import InputRequired

from portal.web.forms import Form


class ArchiveForm(Form):
    """Of which organisation, and which year."""

    organisation = SelectField(
        "哪个组织",
        [InputRequired("请选择组织。")],
        coerce=int,
        description="包括它下面的组织主办的活动。",
    )
    year = SelectField("哪一年", [InputRequired("请选择年份。")], coerce=int)
