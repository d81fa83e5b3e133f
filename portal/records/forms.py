"""Forms of records: what is begun, written, said, voted, resolved, added."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired

from portal.people.fields import DayField, NumberField, VersionField
from portal.people.models import Organisation
from portal.records import kinds
from portal.records.models import Progress, RecordKind, StatementKind, VoteBasis, VoteMethod
from portal.records.models.record import (
    LONGEST_ADDENDUM,
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_TITLE,
)
from portal.records.models.statement import LONGEST_POST, LONGEST_SPEAKER, LONGEST_STATEMENT
from portal.records.models.vote import (
    LONGEST_MATTER,
    LONGEST_NOTE,
    LONGEST_OWNER,
    LONGEST_RESOLUTION,
)
from portal.records.services import Ballot
from portal.web.forms import AtMost, Form, MomentField, StringField, TextAreaField, lines, trimmed
from portal.web.numbers import row_number

# No hall of the sub-district holds more.
_MOST_PEOPLE = 10_000
_CLIENT_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
_KINDS = {kind.value: kind.label for kind in RecordKind}


def _text(text: str | None) -> str:
    """Keep lines as they were typed, without what surrounds them."""
    return lines(trimmed(text))


class BeginForm(Form):
    """Which kind of record, for whose record book; why so late, if it is."""

    kind = SelectField("记录种类", [InputRequired("请选择记录种类。")], choices=_KINDS)
    organisation = SelectField("记入谁的记录簿", coerce=int)
    late_reason = StringField(
        "补录原因",
        [AtMost("补录原因", LONGEST_REASON)],
        description="活动结束超过 48 小时才开始写的记录标明“补录”，并写明原因。",
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Offer the organisations whose record books the reader keeps."""
        self.organisation.choices = {str(one.id): one.short_name for one in organisations}


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
    agenda = TextAreaField(kinds.LABELS["agenda"], [AtMost("议程", LONGEST_TEXT)], filters=[_text])
    reported = TextAreaField(
        kinds.LABELS["reported"], [AtMost("报告内容", LONGEST_TEXT)], filters=[_text]
    )
    discussion = TextAreaField(
        kinds.LABELS["discussion"], [AtMost("讨论发言", LONGEST_TEXT)], filters=[_text]
    )
    conclusion = TextAreaField(
        kinds.LABELS["conclusion"], [AtMost("决议和小结", LONGEST_TEXT)], filters=[_text]
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
        filters=[_text],
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
        filters=[_text],
        description="原话不改动；这里写的会带着您的姓名和时间排在原话下面。",
    )


class ConfirmForm(Form):
    """What was seen when confirming."""

    version = VersionField()
    statements = VersionField()


class AddendumForm(Form):
    """What is added to a confirmed record."""

    text = TextAreaField(
        "补充说明",
        [InputRequired("请写明补充或更正了什么。"), AtMost("补充说明", LONGEST_ADDENDUM)],
        filters=[_text],
        description="已确认的内容不改动；补充说明带着您的姓名和日期排在记录末尾。",
    )


def _people(label: str, **more: Any) -> NumberField:
    return NumberField(label, most=_MOST_PEOPLE, **more)


class VoteForm(Form):
    """The numbers of a vote as they were counted in the room."""

    matter = StringField(
        "表决事项",
        [
            InputRequired("请写明表决什么；选举一位候选人填一次。"),
            AtMost("表决事项", LONGEST_MATTER),
        ],
        description="选举的，一位候选人填一次，写候选人姓名。",
    )
    basis = RadioField(
        "按哪条规则",
        [InputRequired("请选择按哪条规则计算。")],
        choices={one.value: one.label for one in VoteBasis},
        coerce=VoteBasis,
    )
    method = RadioField(
        "表决方式",
        [InputRequired("请选择表决方式。")],
        choices={one.value: one.label for one in VoteMethod},
        coerce=VoteMethod,
    )
    listed = _people("委员会委员人数", description="只有委员会表决要填；党员大会和选举按名册计算。")
    without_vote = _people("名册中没有表决权的人数", description="预备党员、留党察看期间的党员等。")
    left_out = _people(
        "经批准不计入应到会的人数",
        description="长期卧床、出国半年以上等六种情形，要上级批准、党员大会通过；生病请假的不在此列。",
    )
    left_out_basis = StringField(
        "不计入的依据",
        [AtMost("不计入的依据", LONGEST_NOTE)],
        description="批复文号或会议日期。",
    )
    present = _people(
        "到会有表决权的人数",
        validators=[InputRequired("请填写到会有表决权的人数：没有它看不出表决是否有效。")],
    )
    votes_for = _people("赞成", validators=[InputRequired("请填写赞成的票数。")])
    votes_against = _people("反对")
    abstained = _people("弃权")
    invalid = _people("无效票")

    def ballot(self) -> Ballot:
        """Return the numbers for the service."""
        basis = self.basis.data
        return Ballot(
            matter=self.matter.data or "",
            basis=basis,
            method=self.method.data,
            present=self.present.data or 0,
            votes_for=self.votes_for.data or 0,
            votes_against=self.votes_against.data or 0,
            abstained=self.abstained.data or 0,
            invalid=self.invalid.data or 0,
            without_vote=self.without_vote.data or 0,
            left_out=self.left_out.data or 0,
            left_out_basis=self.left_out_basis.data or "",
            listed=self.listed.data if basis is VoteBasis.COMMITTEE else None,
        )

    def validate_listed(self, field: NumberField) -> None:
        """A committee is counted by its members: the roll does not say who they are."""
        if self.basis.data is VoteBasis.COMMITTEE and field.data is None:
            raise ValidationError("请填写委员会有多少委员：超过半数到会才能开会。")


class ResolutionForm(Form):
    """What was resolved, who sees to it, until when."""

    text = TextAreaField(
        "议定事项",
        [InputRequired("请写明议定了什么。"), AtMost("议定事项", LONGEST_RESOLUTION)],
        filters=[_text],
    )
    owner = StringField(
        "由谁落实",
        [
            InputRequired("请写明由谁落实：没有人负责的决议不会有结果。"),
            AtMost("由谁落实", LONGEST_OWNER),
        ],
        description="姓名或单位。",
    )
    due_on = DayField("完成日期")


class ProgressForm(Form):
    """How far a resolution has come."""

    progress = RadioField(
        "现在到了哪一步",
        [InputRequired("请选择到了哪一步。")],
        choices={one.value: one.label for one in Progress},
        coerce=Progress,
    )
    note = StringField("进展", [AtMost("进展", LONGEST_NOTE)])


class PreparedForm(Form):
    """Questions to take along, one a line."""

    questions = TextAreaField(
        "带着哪些问题去",
        filters=[_text],
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
