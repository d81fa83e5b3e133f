"""What is written about a site, and the rules that it must keep. Pure."""

from dataclasses import asdict, dataclass
from datetime import date

from portal.errors import InvalidInputError
from portal.people.models import Organisation
from portal.sites.models import CoordinateSystem, Level, Site, SiteKind

LONGEST_NAME = 80
LONGEST_LINE = 120
LONGEST_TEXT = 5_000
LONGEST_REASON = 200
EARLIEST, LATEST = date(1921, 7, 1), date(2099, 12, 31)

TEXTS = {
    "name": ("名称", LONGEST_NAME),
    "compound": ("小区", LONGEST_NAME),
    "property_company": ("物业服务企业", LONGEST_NAME),
    "address": ("地址", LONGEST_LINE),
    "contact": ("联系电话", LONGEST_LINE),
    "summary": ("简介", LONGEST_TEXT),
    "story": ("做法与故事", LONGEST_TEXT),
    "facilities": ("设施", LONGEST_TEXT),
    "accessibility": ("无障碍", 200),
    "deliberation": ("议事机制", LONGEST_TEXT),
    "transport": ("怎样到达", LONGEST_TEXT),
}
PLACE = ("longitude", "latitude", "crs", "sketch_x", "sketch_y", "is_approximate")
# The columns of a site that are written as they are.
COLUMNS = ("kind", *TEXTS, *PLACE)
# What each is called on pages.
LABELS = {
    **{name: label for name, (label, _) in TEXTS.items()},
    "kind": "类型",
    "organisation": "党组织",
    "longitude": "经度",
    "latitude": "纬度",
    "crs": "坐标系",
    "sketch_x": "示意图横向位置",
    "sketch_y": "示意图纵向位置",
    "is_approximate": "大致位置",
}
NAMING_LABELS = {
    "naming_level": "命名级别",
    "naming_document": "命名文号",
    "named_on": "命名日期",
    "valid_until": "有效期至",
    "review_months": "复审间隔（月）",
}


@dataclass(frozen=True, kw_only=True)
class Details:
    """All that a keeper writes about a site.

    Longitude and latitude are degrees in the system `crs`; without a system there are none.
    The place on the sketch is in thousandths of its width and height, from the upper left.
    """

    name: str
    organisation: Organisation
    kind: SiteKind = SiteKind.RED_PROPERTY
    compound: str = ""
    property_company: str = ""
    address: str = ""
    contact: str = ""
    summary: str = ""
    story: str = ""
    facilities: str = ""
    accessibility: str = ""
    deliberation: str = ""
    transport: str = ""
    longitude: float | None = None
    latitude: float | None = None
    crs: CoordinateSystem | None = None
    sketch_x: int | None = None
    sketch_y: int | None = None
    is_approximate: bool = False


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How a site was named: level, document, day, until when, how often it is looked at."""

    naming_level: Level
    naming_document: str
    named_on: date
    valid_until: date | None = None
    review_months: int | None = None


def of(site: Site) -> Details:
    """Return what is written about a site whose organisation is loaded."""
    return Details(
        organisation=site.organisation, **{name: getattr(site, name) for name in COLUMNS}
    )


def words(details: Details) -> dict[str, object]:
    """Return each value as the audit chain and a reader are told it, by its name."""
    told = {name: getattr(details, name) for name in COLUMNS}
    return {**told, "organisation": details.organisation.name}


def naming_words(naming: Naming | Site) -> dict[str, object]:
    """Return each value of the naming, by its name."""
    return {name: getattr(naming, name) for name in NAMING_LABELS}


def check(details: Details) -> None:
    """Raise InvalidInputError, naming the field, for the first rule that is broken."""
    if not any(mark.isprintable() and not mark.isspace() for mark in details.name):
        raise InvalidInputError("请填写名称。", field="name")
    for name, (label, longest) in TEXTS.items():
        length = len(getattr(details, name))
        if length > longest:
            raise InvalidInputError(f"{label}最多 {longest} 个字，现在有 {length} 个。", field=name)
    _check_coordinates(details)
    if (details.sketch_x is None) != (details.sketch_y is None):
        raise InvalidInputError("示意图上的横向和纵向位置要一起填。", field="sketch_x")
    for field in ("sketch_x", "sketch_y"):
        place = getattr(details, field)
        if place is not None and not 0 <= place <= 1000:
            raise InvalidInputError("示意图上的位置在 0 到 1000 之间。", field=field)


def _check_coordinates(details: Details) -> None:
    known = [details.longitude is not None, details.latitude is not None, details.crs is not None]
    if any(known) and not all(known):
        raise InvalidInputError(
            "经度、纬度和坐标系要一起填；不知道坐标系就都不填。", field="longitude"
        )
    if details.longitude is not None and not -180 <= details.longitude <= 180:
        raise InvalidInputError("经度在 -180 到 180 之间。", field="longitude")
    if details.latitude is not None and not -90 <= details.latitude <= 90:
        raise InvalidInputError("纬度在 -90 到 90 之间。", field="latitude")


def check_naming(naming: Naming, *, today: date) -> None:
    """Raise InvalidInputError unless document and days make sense together."""
    if not naming.naming_document:
        raise InvalidInputError("请填写命名文号；没有文件依据不能命名。", field="naming_document")
    if len(naming.naming_document) > LONGEST_LINE:
        raise InvalidInputError(f"命名文号最多 {LONGEST_LINE} 个字。", field="naming_document")
    if not EARLIEST <= naming.named_on <= today:
        raise InvalidInputError("命名日期不能晚于今天，年份也请核对。", field="named_on")
    check_validity(naming.named_on, naming.valid_until)
    if naming.review_months is not None and not 1 <= naming.review_months <= 120:
        raise InvalidInputError("复审间隔在 1 到 120 个月之间。", field="review_months")


def check_validity(since: date | None, until: date | None) -> None:
    """Raise InvalidInputError unless a validity ends after it begins, in this century."""
    if until is None:
        return
    if until > LATEST:
        raise InvalidInputError("有效期的年份不对，请核对。", field="valid_until")
    if since is not None and until < since:
        raise InvalidInputError("有效期不能早于开始的日期。", field="valid_until")


def as_dict(naming: Naming) -> dict[str, object]:
    """Return the naming's columns."""
    return asdict(naming)
