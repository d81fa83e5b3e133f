"""Forms of the plan of seats."""

import re

from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.errors import InvalidInputError
from portal.seating.filling import Manner
from portal.seating.models import LONGEST_GROUP, MOST_GROUPS, PlanKind
from portal.seating.services import Wish
from portal.signups.forms import NumbersField
from portal.web.forms import AtMost, Form, TextAreaField

_GROUP = re.compile(r"^(?P<name>.*\S)\s*[:：]\s*(?P<size>\d{1,4})\s*(?:人|座|个|位)?$")
MOST_COLUMNS = 60


class PlanForm(Form):
    """Groups with their sizes, or rows of seats."""

    kind = RadioField(
        "怎样安排",
        [InputRequired("请选择怎样安排。")],
        choices={kind.value: kind.label for kind in PlanKind},
        default=PlanKind.GROUPS.value,
    )
    groups = TextAreaField(
        "各组和人数",
        [AtMost("各组和人数", 2000)],
        description="分组时填，一行一个，人数写在冒号后面，例如“第1组：10”“2号车：45”。",
    )
    rows = IntegerField(
        "几排",
        [Optional(), NumberRange(1, MOST_GROUPS, f"最多 {MOST_GROUPS} 排。")],
        description="按座时填。",
    )
    columns = IntegerField(
        "每排几座", [Optional(), NumberRange(1, MOST_COLUMNS, f"每排最多 {MOST_COLUMNS} 座。")]
    )
    version = IntegerField("版本", [InputRequired()])

    def wishes(self) -> list[Wish]:
        """Return the groups; raise InvalidInputError that names the field."""
        if self.kind.data == PlanKind.SEATS.value:
            if not self.rows.data or not self.columns.data:
                raise InvalidInputError("请填写几排、每排几座。", field="rows")
            return [
                Wish(f"第{number}排", self.columns.data) for number in range(1, self.rows.data + 1)
            ]
        return [
            _wish(line) for line in map(str.strip, (self.groups.data or "").splitlines()) if line
        ]


def _wish(line: str) -> Wish:
    found = _GROUP.match(line)
    if found is None:
        raise InvalidInputError(
            f"“{line[:20]}”后面要写冒号和人数，例如“第1组：10”。", field="groups"
        )
    if len(found["name"]) > LONGEST_GROUP:
        raise InvalidInputError(f"“{line[:10]}…”的名称最多 {LONGEST_GROUP} 个字。", field="groups")
    return Wish(found["name"], int(found["size"]))


class VersionForm(Form):
    """A change of the plan, made on the page of this version."""

    version = IntegerField("版本", [InputRequired()])


class AssignForm(VersionForm):
    """Who is seated where."""

    person = NumbersField("人员")
    group = NumbersField("安排到")
    number = IntegerField("座号", [Optional(), NumberRange(1, MOST_COLUMNS, "座号不对。")])


class FillForm(VersionForm):
    """How the rest is seated."""

    manner = RadioField(
        "怎样排",
        [InputRequired("请选择怎样排。")],
        choices={manner.value: manner.label for manner in Manner},
        default=Manner.TOGETHER.value,
    )
