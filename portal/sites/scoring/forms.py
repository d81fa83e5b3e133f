"""Forms of scoring: the approving document with the criteria, a sheet, its result."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import SelectField
from wtforms.validators import InputRequired, Optional

from portal.people.fields import DayField, NumberField, VersionField, whole_number
from portal.people.models import Organisation
from portal.sites.forms import lines
from portal.sites.scoring.rules import Scored
from portal.sites.scoring.services import MOST_DAYS, Answer, Approval
from portal.web.forms import Form, StringField, TextAreaField, trimmed

_NO_DOCUMENT = "没有批准文件不能开启评分。"


class SchemeForm(Form):
    """Switching scoring on."""

    organisation = SelectField("适用范围", [InputRequired()], coerce=int)
    name = StringField("办法名称", [InputRequired("请填写办法名称。")])
    document_title = StringField("依据文件", [InputRequired(f"请填写依据文件；{_NO_DOCUMENT}")])
    document_number = StringField("文号", [InputRequired(f"请填写文号；{_NO_DOCUMENT}")])
    document_date = DayField("文件日期", [InputRequired("请填写文件日期。")])
    publicity_days = NumberField("公示天数", [InputRequired("请填写公示天数。")], most=MOST_DAYS)
    criteria = TextAreaField(
        "评分项",
        [InputRequired("请填写评分项。")],
        description="一行一项，末尾写分值；下一级前面加“-”。单独成行写“前置条件：……”或“一票否决：……”。",
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Set what can be chosen."""
        self.organisation.choices = [(one.id, one.name) for one in organisations]

    def approval(self) -> Approval:
        """Return what was typed of the document."""
        return Approval(
            name=self.name.data or "",
            document_title=self.document_title.data or "",
            document_number=self.document_number.data or "",
            document_date=self.document_date.data,
            publicity_days=self.publicity_days.data,
        )


class ResultForm(Form):
    """What came of a sheet."""

    result = StringField("结论", [InputRequired("请写明结论。")])


class SheetForm(Form):
    """A sheet: its fields are named after the criteria, and read from what was sent."""

    version = VersionField()
    note = StringField("", [Optional()])

    def answers(self, criteria: Sequence[Scored]) -> dict[int, Answer]:
        """Return what was typed for each criterion; what is no number is no answer."""
        found = {}
        for criterion in criteria:
            points = whole_number(request.form.get(f"points-{criterion.id}"))
            if points is not None:
                told = trimmed(request.form.get(f"evidence-{criterion.id}")) or ""
                found[criterion.id] = Answer(min(points, 100_000), lines(told))
        return found


def typed(criteria: Sequence[Scored], known: Mapping[int, Answer]) -> dict[str, Any]:
    """Return the values of a sheet's fields: as sent, else as known."""
    values: dict[str, Any] = {}
    for criterion in criteria:
        answer = known.get(criterion.id)
        for name, value in (
            (f"points-{criterion.id}", "" if answer is None else str(answer.points)),
            (f"evidence-{criterion.id}", "" if answer is None else answer.evidence),
        ):
            values[name] = request.form.get(name, value) if request.method == "POST" else value
    return values
