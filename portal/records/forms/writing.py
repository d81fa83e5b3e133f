"""Forms of a draft: begun, written, said, supplemented, prepared."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired

from portal.people.models import Organisation
from portal.people.person_forms import short_choices_of
from portal.records import kinds
from portal.records.forms.text import text_of
from portal.records.models import RecordKind, RecordTemplate, StatementKind
from portal.records.models.record import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
)
from portal.records.models.statement import LONGEST_POST, LONGEST_SPEAKER, LONGEST_STATEMENT
from portal.records.models.template import LONGEST_TEMPLATE_NAME, LONGEST_TEMPLATE_TEXT
from portal.web.forms import AtMost, Form, MomentField, StringField, TextAreaField
from portal.web.numbers import row_number

_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
_KINDS = {kind.value: kind.label for kind in RecordKind}


class BeginForm(Form):
    """Which kind of record, for whose record book; why so late, if it is."""

    kind = SelectField("记录种类", [InputRequired("请选择记录种类。")], choices=_KINDS)
    organisation = SelectField("记入谁的记录簿", coerce=int)
    late_reason = StringField(
        "补录原因",
        [AtMost("补录原因", LONGEST_REASON)],
        description="活动结束超过 48 小时才开始写的记录标明“补录”，并写明原因。",
    )

    template = SelectField("从哪个提纲开始", coerce=int, default=0)

    def offer(
        self, organisations: Sequence[Organisation], templates: Sequence[RecordTemplate]
    ) -> None:
        """Offer the organisations whose record books the reader keeps, and what to begin with."""
        self.organisation.choices = short_choices_of(organisations)
        self._templates = {one.id: one for one in templates}
        kept = {str(one.id): f"{one.name}（{one.organisation.short_name}）" for one in templates}
        self.template.choices = {"0": "自带的提纲", **kept}

    def chosen(self) -> RecordTemplate | None:
        """Return the template that was chosen, if one was."""
        return self._templates.get(self.template.data)


class TemplateForm(Form):
    """The sections that records begin with."""

    name = StringField(
        "模板名称",
        [InputRequired("请给模板起个名称。"), AtMost("模板名称", LONGEST_TEMPLATE_NAME)],
    )
    organisation = SelectField("归哪个组织", coerce=int)
    agenda = TextAreaField(
        kinds.LABELS["agenda"],
        [AtMost("议程", LONGEST_TEMPLATE_TEXT)],
        filters=[text_of],
        description="活动里写了议程的，用活动的议程。",
    )
    reported = TextAreaField(
        kinds.LABELS["reported"], [AtMost("报告内容", LONGEST_TEMPLATE_TEXT)], filters=[text_of]
    )
    discussion = TextAreaField(
        kinds.LABELS["discussion"], [AtMost("讨论发言", LONGEST_TEMPLATE_TEXT)], filters=[text_of]
    )
    conclusion = TextAreaField(
        kinds.LABELS["conclusion"], [AtMost("决议和小结", LONGEST_TEMPLATE_TEXT)], filters=[text_of]
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Offer the organisations whose records the reader keeps."""
        self.organisation.choices = short_choices_of(organisations)


class RecordForm(Form):
    """The text of a draft."""

    kind = SelectField(kinds.LABELS["kind"], choices=_KINDS, coerce=RecordKind)
    title = StringField(
        kinds.LABELS["title"],
        [InputRequired("会议名称不能空着：记录簿按名称查找。"), AtMost("会议名称", LONGEST_TITLE)],
    )
    starts_at = MomentField(
        kinds.LABELS["starts_at"], [InputRequired("请填写开始时间：按它归入月份和季度。")]
    )
    ends_at = MomentField(
        kinds.LABELS["ends_at"], [InputRequired("请填写结束时间：记录要写明何时散会。")]
    )
    place = StringField(kinds.LABELS["place"], [AtMost("地点", LONGEST_PLACE)])
    chair = StringField(kinds.LABELS["chair"], [AtMost("主持人", LONGEST_NAME)])
    recorder = StringField(kinds.LABELS["recorder"], [AtMost("记录人", LONGEST_NAME)])
    agenda = TextAreaField(
        kinds.LABELS["agenda"], [AtMost("议程", LONGEST_TEXT)], filters=[text_of]
    )
    reported = TextAreaField(
        kinds.LABELS["reported"], [AtMost("报告内容", LONGEST_TEXT)], filters=[text_of]
    )
    discussion = TextAreaField(
        kinds.LABELS["discussion"], [AtMost("讨论发言", LONGEST_TEXT)], filters=[text_of]
    )
    conclusion = TextAreaField(
        kinds.LABELS["conclusion"], [AtMost("决议和小结", LONGEST_TEXT)], filters=[text_of]
    )
    late_reason = StringField(kinds.LABELS["late_reason"], [AtMost("补录原因", LONGEST_REASON)])
    seen = HiddenField()

    def mark_needed(self, names: Iterable[str]) -> None:
        """Let these not be called optional: they are asked for before the confirmation."""
        for name in names:
            if name in self:
                self[name].flags.required = True

    def typed(self) -> dict[str, Any]:
        """Return what stands in the form, for the service."""
        return {
            name: value
            for name, value in self.typed_only().items()
            if name not in {"seen", "submit"}
        }


class SpeakerField(HiddenField):
    """The id of the speaker that was chosen from the roll; nothing where none was."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep what can be an id."""
        self.data = None
        if valuelist and valuelist[0]:
            try:
                self.data = row_number(valuelist[0])
            except ValueError:
                self.data = None


class StatementForm(Form):
    """Who said what, word for word."""

    client_id = HiddenField()
    speaker_id = SpeakerField()
    speaker = StringField(
        "谁说的", [InputRequired("请写明是谁说的。"), AtMost("姓名", LONGEST_SPEAKER)]
    )
    post = StringField("单位职务", [AtMost("单位职务", LONGEST_POST)])
    kind = RadioField(
        "是什么",
        [InputRequired("请选择是问题、建议还是其他。")],
        choices={kind.value: kind.label for kind in StatementKind},
        coerce=StatementKind,
    )
    text = TextAreaField(
        "原话",
        [InputRequired("请记下说了什么。"), AtMost("原话", LONGEST_STATEMENT)],
        filters=[text_of],
    )

    def validate_client_id(self, field: HiddenField) -> None:
        """Only what a browser makes up for itself."""
        if not _CLIENT_ID.fullmatch(field.data or ""):
            raise ValidationError("页面太旧了，请刷新后再记。")


class SupplementForm(Form):
    """What is put beside a statement."""

    text = TextAreaField(
        "更正或补充",
        [InputRequired("请写明更正或补充了什么。"), AtMost("更正或补充", LONGEST_STATEMENT)],
        filters=[text_of],
        description="原话不改动；这里写的会带着您的姓名和时间排在原话下面。",
    )


class PreparedForm(Form):
    """Questions to take along, one a line."""

    questions = TextAreaField(
        "带着哪些问题去",
        filters=[text_of],
        description="一行一个问题；要问谁写在后面，用竖线隔开，例如：夜间停车怎么管 | 街区商户。",
    )

    def questions_and_addressees(self) -> list[tuple[str, str]]:
        """Return each question, and for whom it is."""
        found = []
        for line in (self.questions.data or "").splitlines():
            text, _, addressee = line.replace("｜", "|").rpartition("|")
            text, addressee = (text, addressee) if text else (addressee, "")
            if text.strip():
                found.append((text.strip(), addressee.strip()))
        return found
