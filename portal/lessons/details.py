"""What is written about a lesson, and the rules that it must keep. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from portal.errors import InvalidInputError
from portal.lessons.models import LecturerOrigin, LessonForm, LessonSeries, LessonVersion
from portal.sites.models import Route

TEXTS = {
    "title": ("标题", 120),
    "lecturer_name": ("主讲人", 60),
    "lecturer_unit": ("单位", 80),
    "lecturer_post": ("职务", 60),
    "approval_document": ("审批文件", 120),
    "approved_by": ("批准人", 60),
    "audience": ("面向谁讲", 120),
    "takeaway": ("听完以后", 1_000),
    "policy_basis": ("政策依据", 2_000),
    "policy_document": ("文号", 120),
    "hours_rule": ("学时规则", 200),
    "questions": ("研讨题", 2_000),
    "body": ("正文", 50_000),
}
# The longest lesson is a day's walk; more is a training class of several lessons.
MOST_MINUTES = 600
MOST_HALVES = 48

# The columns of a version that are written as they are.
COLUMNS = (*TEXTS, "form", "lecturer_origin", "minutes", "credit_halves")
# What each is called on pages, in the order of the form.
LABELS = {
    "title": "标题",
    "form": "形式",
    "series": "系列",
    "audience": "面向谁讲",
    "minutes": "时长",
    "takeaway": "听完以后",
    "lecturer_origin": "主讲人来自",
    "lecturer_name": "主讲人",
    "lecturer_unit": "单位",
    "lecturer_post": "职务",
    "approval_document": "审批文件",
    "approved_by": "批准人",
    "body": "正文",
    "questions": "研讨题",
    "route": "路线",
    "policy_basis": "政策依据",
    "policy_document": "文号",
    "credit_halves": "计入学时",
    "hours_rule": "学时规则",
}


@dataclass(frozen=True, kw_only=True)
class Details:
    """All that is written about a lesson.

    `lecturer_id` says which of several persons of the same name is meant.
    """

    title: str
    form: LessonForm = LessonForm.LECTURE
    series: LessonSeries | None = None
    route: Route | None = None
    lecturer_origin: LecturerOrigin = LecturerOrigin.INSIDE
    lecturer_name: str = ""
    lecturer_id: int | None = None
    lecturer_unit: str = ""
    lecturer_post: str = ""
    approval_document: str = ""
    approved_by: str = ""
    policy_basis: str = ""
    policy_document: str = ""
    audience: str = ""
    minutes: int | None = None
    credit_halves: int | None = None
    hours_rule: str = ""
    takeaway: str = ""
    questions: str = ""
    body: str = ""


def of(version: LessonVersion) -> Details:
    """Return what is written in a version whose series and route are loaded."""
    return Details(
        **{name: getattr(version, name) for name in COLUMNS},
        series=version.series,
        route=version.route,
        lecturer_id=version.lecturer_id,
    )


def differences(before: Details, now: Details) -> set[str]:
    """Return the names of what is written differently."""
    changed = {name for name in COLUMNS if getattr(before, name) != getattr(now, name)}
    for name in ("series", "route"):
        if _id_of(getattr(before, name)) != _id_of(getattr(now, name)):
            changed.add(name)
    return changed


def _id_of(chosen: LessonSeries | Route | None) -> int | None:
    return chosen.id if chosen else None


def words(details: Details) -> dict[str, str]:
    """Return each value as a reader would be told it, by its name."""
    halves = details.credit_halves
    return {
        **{name: getattr(details, name) for name in TEXTS},
        "form": details.form.label,
        "series": details.series.name if details.series else "",
        "route": details.route.name if details.route else "",
        "lecturer_origin": details.lecturer_origin.label,
        "minutes": "" if details.minutes is None else f"{details.minutes} 分钟",
        "credit_halves": "" if halves is None else f"{hours_words(halves)} 学时",
    }


def hours_words(halves: int) -> str:
    """Return 2 or 1.5 for a number of halves of an hour."""
    return f"{Decimal(halves) / 2:f}"


def check(details: Details) -> None:
    """Raise InvalidInputError, naming the field, for the first rule that is broken."""
    if not any(mark.isprintable() and not mark.isspace() for mark in details.title):
        raise InvalidInputError("请填写标题。", field="title")
    for name, (label, longest) in TEXTS.items():
        length = len(getattr(details, name))
        if length > longest:
            raise InvalidInputError(f"{label}最多 {longest} 个字，现在有 {length} 个。", field=name)
    if details.minutes is not None and not 0 < details.minutes <= MOST_MINUTES:
        raise InvalidInputError(
            f"时长要在 1 到 {MOST_MINUTES} 分钟之间；更长的请分成几堂课。", field="minutes"
        )
    if details.credit_halves is not None and not 0 <= details.credit_halves <= MOST_HALVES:
        raise InvalidInputError(f"学时要在 0 到 {MOST_HALVES // 2} 之间。", field="credit_hours")


def missing(version: LessonVersion) -> list[str]:
    """Return what a version still lacks before somebody else may be asked to review it."""
    lacks = []
    if not version.lecturer_name:
        lacks.append("主讲人")
    elif version.lecturer_origin is LecturerOrigin.INSIDE and version.lecturer_id is None:
        lacks.append("主讲人是花名册里的哪一位（姓名对不上，或者有重名）")
    if version.lecturer_origin is LecturerOrigin.INVITED:
        lacks += [
            label
            for name, label in (
                ("lecturer_unit", "外请主讲人的单位"),
                ("approval_document", "外请主讲人的审批文件"),
                ("approved_by", "批准人"),
            )
            if not getattr(version, name)
        ]
    if not version.minutes:
        lacks.append("时长")
    if not version.body:
        lacks.append("正文")
    return lacks
