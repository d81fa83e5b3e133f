"""What is written about a route and its stops, and the rules that it must keep. Pure."""

from dataclasses import dataclass

from portal.errors import InvalidInputError
from portal.people.models import Organisation
from portal.sites.models import Route, RouteStop, Site
from portal.sites.opening import MINUTES_OF_A_DAY

LONGEST_NAME = 80
LONGEST_LINE = 120
LONGEST_TEXT = 2_000
LONGEST_NOTE = 200
MOST_MINUTES = 600
MOST_METRES = 50_000
MOST_STOPS = 30

COLUMNS = ("name", "summary", "contact", "starts_minute", "is_published")
LABELS = {
    "name": "名称",
    "summary": "简介",
    "contact": "联系电话",
    "starts_minute": "通常几点出发",
    "is_published": "公开",
    "organisation": "所属组织",
}
STOP_COLUMNS = ("minutes", "walk_minutes", "walk_metres", "note")
STOP_LABELS = {
    "minutes": "停留分钟",
    "walk_minutes": "到下一站步行分钟",
    "walk_metres": "到下一站步行米数",
    "note": "说明",
}


@dataclass(frozen=True, kw_only=True)
class RouteDetails:
    """What is written about a route; `starts_minute` is in minutes of China's day."""

    name: str
    organisation: Organisation
    summary: str = ""
    contact: str = ""
    starts_minute: int | None = None
    is_published: bool = True


@dataclass(frozen=True, kw_only=True)
class StopDetails:
    """What is written about a stop: minutes there, minutes and metres on foot to the next."""

    minutes: int
    walk_minutes: int = 0
    walk_metres: int | None = None
    note: str = ""


def of(route: Route) -> RouteDetails:
    """Return what is written about a route whose organisation is loaded."""
    return RouteDetails(
        organisation=route.organisation, **{name: getattr(route, name) for name in COLUMNS}
    )


def stop_of(stop: RouteStop) -> StopDetails:
    """Return what is written about a stop."""
    return StopDetails(**{name: getattr(stop, name) for name in STOP_COLUMNS})


def words(details: RouteDetails) -> dict[str, object]:
    """Return each value as the audit chain and a reader are told it, by its name."""
    told: dict[str, object] = {name: getattr(details, name) for name in COLUMNS}
    minute = details.starts_minute
    told["starts_minute"] = "" if minute is None else f"{minute // 60}:{minute % 60:02}"
    told["is_published"] = "是" if details.is_published else "否"
    return {**told, "organisation": details.organisation.name}


def check(details: RouteDetails) -> None:
    """Raise InvalidInputError, naming the field, for the first rule that is broken."""
    if not any(mark.isprintable() and not mark.isspace() for mark in details.name):
        raise InvalidInputError("请填写名称。", field="name")
    limits = {"name": LONGEST_NAME, "summary": LONGEST_TEXT, "contact": LONGEST_LINE}
    for field, longest in limits.items():
        if len(getattr(details, field)) > longest:
            raise InvalidInputError(f"{LABELS[field]}最多 {longest} 个字。", field=field)
    if details.starts_minute is not None and not 0 <= details.starts_minute < MINUTES_OF_A_DAY:
        raise InvalidInputError("出发时间在 0:00 到 23:59 之间。", field="starts_minute")


def check_stop(details: StopDetails) -> None:
    """Raise InvalidInputError, naming the field, for the first rule that is broken."""
    if not 1 <= details.minutes <= MOST_MINUTES:
        raise InvalidInputError(f"停留时间在 1 到 {MOST_MINUTES} 分钟之间。", field="minutes")
    if not 0 <= details.walk_minutes <= MOST_MINUTES:
        raise InvalidInputError(f"步行时间在 0 到 {MOST_MINUTES} 分钟之间。", field="walk_minutes")
    if details.walk_metres is not None and not 0 <= details.walk_metres <= MOST_METRES:
        raise InvalidInputError(f"距离在 0 到 {MOST_METRES} 米之间。", field="walk_metres")
    if len(details.note) > LONGEST_NOTE:
        raise InvalidInputError(f"说明最多 {LONGEST_NOTE} 个字。", field="note")


def check_site(site: Site) -> None:
    """Raise InvalidInputError unless people can be led to the site: it is named, not delisted."""
    if site.state.value in {"nominated", "delisted"}:
        raise InvalidInputError(f"“{site.name}”{site.state.label}，不能排进路线。", field="site")
