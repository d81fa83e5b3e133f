"""Forms of hours: rules, thresholds, other training, decisions."""

from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import BooleanField, FileField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from portal.hours.kinds import TRAININGS, Category, Source, Unit, hours_words
from portal.hours.models import (
    LONGEST_CITATION,
    LONGEST_DOCUMENT,
    LONGEST_NOTE,
    LONGEST_ORGANISER,
    LONGEST_TITLE,
)
from portal.hours.services import Details, RuleFigures, ThresholdFigures
from portal.people.fields import DayField, NumberField, VersionField, tidy
from portal.web.forms import AtMost, Form, StringField

_FIRST_YEAR, _LAST_YEAR = 2019, 2100


class HalvesField(StringField):
    """A number in steps of a half; `halves` is it doubled, None where nothing was typed."""

    def __init__(self, label: str, validators: Any = None, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self._most = most
        self.halves: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:  # noqa: ARG002
        """Read it; what is no number, or no whole half, is refused."""
        if validation_stopped:
            return
        typed = tidy(self.data) or ""
        if not typed:
            return
        try:
            doubled = Decimal(typed) * 2
            if not doubled.is_finite() or doubled != int(doubled) or doubled < 0:
                raise InvalidOperation
        except InvalidOperation:
            raise ValidationError("请填数字，最小到半个，例如 1.5。") from None
        if doubled > self._most * 2:
            raise ValidationError(f"最多填 {self._most}。")
        self.halves = int(doubled)

    @property
    def halves_or_none(self) -> int:
        """The halves; nothing typed is none at all."""
        return self.halves or 0


class RuleForm(Form):
    """How one source is counted, from a day on."""

    valid_from = DayField(
        "从哪天起执行",
        [InputRequired("请填写从哪天起执行。")],
        description="这一天起的活动按新规则重新核算；以前的规则保留，不覆盖。",
    )
    per_hour = HalvesField("每小时计几学时", [InputRequired("请填写，不计就填 0。")], most=4)
    per_half_day = HalvesField(
        "满半天（3 小时）计几学时", [InputRequired("请填写，不计就填 0。")], most=8
    )
    per_day = HalvesField(
        "满一天（6 小时）计几学时", [InputRequired("请填写，不计就填 0。")], most=16
    )
    fixed = HalvesField("每次固定学时", most=16, description="填了就不按时间计，例如每次 3 学时。")
    cap_event = HalvesField("每次最多", most=400, description="一次活动或培训的上限。")
    cap_year = HalvesField("每人每年最多", most=400, description="这一类全年的上限。")
    needs_full_stay = BooleanField("要求全程参加：迟到、早退不计学时")
    lecturer_times = NumberField("主讲按几倍计", [Optional()], most=10)
    citation = StringField(
        "依据",
        [
            InputRequired("请写明依据的文件或规定，会显示在每个数字旁边。"),
            AtMost("依据", LONGEST_CITATION),
        ],
        description="文件名、文号、条款。看学时的人都能看到。",
    )
    note = StringField("改动说明", [AtMost("改动说明", LONGEST_NOTE)])

    def figures(self, source: Source) -> RuleFigures:
        """Return what was typed."""
        return RuleFigures(
            source=source,
            valid_from=self.valid_from.data,
            per_hour=self.per_hour.halves_or_none,
            per_half_day=self.per_half_day.halves_or_none,
            per_day=self.per_day.halves_or_none,
            fixed=self.fixed.halves_or_none,
            cap_event=self.cap_event.halves,
            cap_year=self.cap_year.halves,
            needs_full_stay=self.needs_full_stay.data,
            lecturer_times=max(1, self.lecturer_times.data or 1),
            citation=self.citation.data or "",
            note=self.note.data or "",
        )


class ThresholdForm(Form):
    """What a category owes from a year on."""

    year_from = NumberField("从哪年起执行", [InputRequired("请填写年份。")], most=_LAST_YEAR)
    hours = HalvesField("每年不少于多少学时", [InputRequired("请填写学时。")], most=400)
    concentrated = NumberField(
        "每年至少参加几次集中培训", [Optional()], most=12, description="没有要求就空着。"
    )
    prorates = BooleanField("年中入党、转入、任职的，按月折算")
    citation = StringField(
        "依据",
        [
            InputRequired("请写明依据的文件或规定，会显示在每个数字旁边。"),
            AtMost("依据", LONGEST_CITATION),
        ],
        description="文件名、文号、条款。看学时的人都能看到。",
    )
    note = StringField("改动说明", [AtMost("改动说明", LONGEST_NOTE)])

    def validate_year_from(self, field: NumberField) -> None:
        """A year of this century."""
        if field.data is not None and field.data < _FIRST_YEAR:
            raise ValidationError(f"请填写 {_FIRST_YEAR} 以后的年份。")

    def figures(self, category: Category) -> ThresholdFigures:
        """Return what was typed."""
        return ThresholdFigures(
            category=category,
            year_from=self.year_from.data,
            halves=self.hours.halves_or_none,
            concentrated=self.concentrated.data or 0,
            prorates=self.prorates.data,
            citation=self.citation.data or "",
            note=self.note.data or "",
        )


class TrainingForm(Form):
    """Other training, as the paper says it."""

    source = RadioField(
        "哪一类",
        [InputRequired("请选择是哪一类。")],
        choices={source.value: source.label for source in TRAININGS},
    )
    title = StringField(
        "名称",
        [InputRequired("请填写培训的名称。"), AtMost("名称", LONGEST_TITLE)],
        description="按通知或结业证上的写法。",
    )
    organiser = StringField(
        "举办单位",
        [InputRequired("请填写举办单位。"), AtMost("举办单位", LONGEST_ORGANISER)],
    )
    document_no = StringField("通知或证书文号", [AtMost("通知或证书文号", LONGEST_DOCUMENT)])
    starts_on = DayField("开始日期", [InputRequired("请填写开始日期。")])
    ends_on = DayField("结束日期", [Optional()], description="只有一天就空着。")
    quantity = HalvesField("多长", [InputRequired("请填写培训多长。")], most=400)
    unit = SelectField("单位", choices={unit.value: unit.label for unit in Unit})
    file = FileField("通知、结业证等文件")
    version = VersionField()

    def details(self) -> Details:
        """Return what was typed."""
        starts_on = self.starts_on.data
        return Details(
            source=Source(self.source.data),
            title=self.title.data or "",
            organiser=self.organiser.data or "",
            document_no=self.document_no.data or "",
            starts_on=starts_on,
            ends_on=self.ends_on.data or starts_on,
            unit=Unit(self.unit.data),
            quantity=self.quantity.halves_or_none,
        )


class DecisionForm(Form):
    """Why training does not count."""

    note = StringField("理由", [AtMost("理由", LONGEST_NOTE)])


def written(halves: int | None) -> str:
    """Return halves as a field shows them; empty for none."""
    return "" if halves is None else hours_words(halves)


__all__ = [
    "DecisionForm",
    "HalvesField",
    "RuleForm",
    "ThresholdForm",
    "TrainingForm",
    "written",
]
