"""What the masthead offers to whom: one line a place, in the order of the day's work."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, request

from portal.people import policies
from portal.people.readers import Somebody
from portal.people.session import Visitor, visitor
from portal.web.addresses import address_of


@dataclass(frozen=True)
class Place:
    """A place of the main navigation as a template shows it."""

    label: str
    address: str
    icon: str
    is_here: bool
    # On a phone it stands in the reader's menu: the bar at the bottom has room for five.
    folds: bool


def _sees_business(person: Somebody) -> bool:
    return not policies.is_administrator(person)


def _is_anybody(_person: Somebody) -> bool:
    return True


_KEPT = "portal.masthead"

# label, endpoint, icon, prefixes of the paths that belong to it, who sees it
PLACES: list[tuple[str, str, str, str, Callable[[Somebody], bool]]] = [
    ("首页", "home.index", "home", "/", _is_anybody),
    ("活动", "events.index", "calendar", "/events", _sees_business),
    ("党课", "lessons.index", "book", "/lessons", _sees_business),
    ("点位", "sites.index", "place", "/sites /routes", _sees_business),
    ("资料", "materials.index", "folder", "/materials", policies.may_upload),
    ("人员", "people.index", "people", "/people", policies.may_list_people),
    ("组织", "people.organisations", "tree", "/organisations", policies.may_see_organisations),
    ("统计", "reports.index", "chart", "/reports", policies.may_list_people),
    ("我的", "home.me", "person", "/me", _sees_business),
    ("账号", "admin.accounts", "person", "/admin/accounts", policies.may_manage_accounts),
    ("门禁", "door_tokens.index", "screen", "/admin/door-tokens", policies.may_manage_accounts),
    ("授权", "admin.grants", "shield", "/admin/grants", policies.may_grant_roles),
    ("审计", "admin.audit", "shield", "/admin/audit", policies.may_read_audit),
]

FOLDED = frozenset({"materials.index", "people.index", "people.organisations", "reports.index"})


def places(person: Somebody) -> tuple[Place, ...]:
    """Return the places this person is offered; `is_here` marks the present one."""
    return tuple(
        Place(label, address_of(endpoint), icon, _is_here(prefix), endpoint in FOLDED)
        for label, endpoint, icon, prefix, is_offered in PLACES
        if is_offered(person)
    )


def _is_here(prefixes: str) -> bool:
    if prefixes == "/":
        return request.path == "/"
    return any(
        request.path == prefix or request.path.startswith(f"{prefix}/")
        for prefix in prefixes.split()
    )


def _context() -> dict[str, object]:
    """Return what templates are given; asked for every piece of a page, worked out once."""
    asking = visitor()
    reader = asking.token if asking else None
    kept: tuple[str | None, dict[str, object]] | None = request.environ.get(_KEPT)
    if kept is None or kept[0] != reader:
        request.environ[_KEPT] = kept = (reader, _of_reader(asking))
    return kept[1]


def _of_reader(asking: Visitor | None) -> dict[str, object]:
    nobody: dict[str, object] = {"reader": None, "places": (), "duties": "", "sees_business": False}
    nobody["unread"] = 0
    if asking is None:
        return nobody
    reader = asking.reader
    if asking.is_kept_at_gate:
        return {**nobody, "reader": reader, "duties": "账号尚未开通"}
    duties = "、".join(dict.fromkeys(grant.role.label for grant in policies.open_grants(reader)))
    return {
        "reader": reader,
        "places": places(reader),
        "duties": duties,
        "sees_business": _sees_business(reader),
        "unread": asking.unread,
    }


def init_app(app: Flask) -> None:
    """Give every page its masthead: reader, places, duties."""
    app.context_processor(_context)
