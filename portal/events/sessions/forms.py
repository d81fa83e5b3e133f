"""What is typed about a session."""

from wtforms.validators import InputRequired, Optional

from portal.events.details import LONGEST_LINE
from portal.events.details import LONGEST_NAME as LONGEST_LECTURER
from portal.events.models import Event
from portal.events.sessions.rules import LONGEST_NAME
from portal.events.sessions.services import Written
from portal.web.forms import AtMost, Form, MomentField, StringField


class SessionForm(Form):
    """One session of an event."""

    name = StringField(
        "名称",
        [InputRequired("请填写这一场叫什么，例如“第一场”。"), AtMost("名称", LONGEST_NAME)],
        description="接在活动标题后面，例如“第一场：政策解读”。",
    )
    starts_at = MomentField("开始时间", [InputRequired("请填写开始时间。")])
    ends_at = MomentField("结束时间", [InputRequired("请填写结束时间。")])
    place = StringField(
        "地点", [Optional(), AtMost("地点", LONGEST_LINE)], description="不填就是整个活动的地点。"
    )
    lecturer = StringField("主讲人", [Optional(), AtMost("主讲人", LONGEST_LECTURER)])

    @classmethod
    def of(cls, session: Event) -> "SessionForm":
        """Return the form with what is written about the session."""
        return cls(
            data={
                "name": session.session_name,
                "starts_at": session.starts_at,
                "ends_at": session.ends_at,
                "place": session.place,
                "lecturer": session.lecturer,
            }
        )

    def written(self) -> Written:
        """Return what was typed; the form has been validated."""
        assert self.starts_at.data is not None  # noqa: S101  both are required
        assert self.ends_at.data is not None  # noqa: S101
        return Written(
            name=self.name.data or "",
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            place=self.place.data or "",
            lecturer=self.lecturer.data or "",
        )
