"""Forms of the end of it: confirmed, summed up, added to."""

from wtforms import HiddenField
from wtforms.validators import InputRequired

from portal.people.fields import VersionField
from portal.records.forms.text import text_of
from portal.records.models.record import LONGEST_ADDENDUM
from portal.records.models.summary import LONGEST_SUMMARY
from portal.web.forms import AtMost, Form, TextAreaField


class ConfirmForm(Form):
    """What was seen when confirming."""

    version = VersionField()
    statements = VersionField()


class SummaryForm(Form):
    """What the host says of the gathering."""

    text = TextAreaField(
        "小结正文",
        [InputRequired("请写几句小结。"), AtMost("小结", LONGEST_SUMMARY)],
        filters=[text_of],
        description="“一、”“二、”开头的行是小标题；没有写内容的小标题不会印出来。",
    )
    seen = HiddenField()


class AddendumForm(Form):
    """What is added to a confirmed record."""

    text = TextAreaField(
        "补充说明",
        [InputRequired("请写明补充或更正了什么。"), AtMost("补充说明", LONGEST_ADDENDUM)],
        filters=[text_of],
        description="已确认的内容不改动；补充说明带着您的姓名和日期排在记录末尾。",
    )
