"""What the masthead offers to whom: one line a place, in the order of the day's work.

What is offered depends on the reader's roles alone, so the parts of the masthead are made once
for all readers with the same ones. What differs from reader to reader is filled in.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flask import Flask, request
from markupsafe import Markup, escape

from portal.people import policies
from portal.people.models import Role
from portal.people.readers import Duty, Reader, Somebody
from portal.people.session import Visitor, visitor
from portal.web import care, csrf
from portal.web.templating import made_once


@dataclass(frozen=True)
class Place:
    """A place of the main navigation as a template shows it."""

    label: str
    endpoint: str
    icon: str
    is_here: bool
    # On a phone it stands in the reader's menu: the bar at the bottom has room for five.
    folds: bool
    # Where there is room for a row, it stands under "更多", if it is not alone there.
    is_under_more: bool


@dataclass(frozen=True, eq=False)
class Offer:
    """What the masthead offers; one object for all that are offered the same."""

    places: tuple[Place, ...] = ()
    duties: str = ""
    sees_business: bool = False
    has_reader: bool = False


class Open(NamedTuple):
    """What the parts leave open. Data never look like this: their "<" is escaped."""

    token: Markup
    here: Markup
    name: Markup
    bell: Markup


_OPEN = Open(*map(Markup, ("<csrf-token>", "<this-page>", "<reader-name>", "<bell>")))
_GAPS = re.compile(f"({'|'.join(_OPEN)})")


def _sees_business(person: Somebody) -> bool:
    return not policies.is_administrator(person)


def _is_anybody(_person: Somebody) -> bool:
    return True


# label, endpoint, icon, prefixes of the paths that belong to it, who sees it
PLACES: list[tuple[str, str, str, str, Callable[[Somebody], bool]]] = [
    ("首页", "home.index", "home", "/", _is_anybody),
    ("活动", "events.index", "calendar", "/events", _sees_business),
    ("党课", "lessons.index", "book", "/lessons", _sees_business),
    ("点位", "sites.index", "place", "/sites /routes", _sees_business),
    ("事项", "cases.index", "check", "/cases", _sees_business),
    ("记录", "records.index", "minutes", "/records", policies.is_host_somewhere),
    ("资料", "materials.index", "folder", "/materials", policies.may_upload),
    ("人员", "people.index", "people", "/people", policies.may_list_people),
    ("组织", "people.organisations", "tree", "/organisations", policies.may_see_organisations),
    ("统计", "reports.index", "chart", "/reports", policies.may_list_people),
    ("档案", "archives.index", "archive", "/archives", policies.is_host_somewhere),
    ("学时", "hours.branch", "clock", "/hours/branch", policies.may_list_people),
    ("我的", "home.me", "person", "/me /hours", _sees_business),
    ("账号", "admin.accounts", "person", "/admin/accounts", policies.may_manage_accounts),
    ("门禁", "door_tokens.index", "screen", "/admin/door-tokens", policies.may_manage_accounts),
    ("授权", "admin.grants", "shield", "/admin/grants", policies.may_grant_roles),
    ("审计", "admin.audit", "shield", "/admin/audit", policies.may_read_audit),
]

# What the office work of hosts is about stands under one word: the row has no room for all.
UNDER_MORE = frozenset(
    {
        "materials.index",
        "people.index",
        "people.organisations",
        "reports.index",
        "hours.branch",
        "archives.index",
    }
)
FOLDED = UNDER_MORE | {"cases.index", "records.index"}


_PREFIXES = tuple(prefix for places in PLACES for prefix in places[3].split() if prefix != "/")


@lru_cache(maxsize=1024)
def _offered(roles: tuple[Role, ...], section: str) -> Offer:
    """Return what whoever holds these roles is offered in a section of the portal."""
    holder = Reader(0, "", tuple(Duty(role, None, None, None) for role in roles))
    places = tuple(
        Place(
            label,
            endpoint,
            icon,
            is_here=section in prefixes.split(),
            folds=endpoint in FOLDED,
            is_under_more=endpoint in UNDER_MORE,
        )
        for label, endpoint, icon, prefixes, is_offered in PLACES
        if is_offered(holder)
    )
    return Offer(places, "、".join(role.label for role in roles), _sees_business(holder), True)


_NOBODY = Offer()
_AT_THE_GATE = Offer(duties="账号尚未开通", has_reader=True)


def _section(path: str) -> str:
    """Return the prefix in PLACES that the path lies under; "" if none, "/" for the home page."""
    if path == "/":
        return path
    return next(
        (one for one in _PREFIXES if path == one or path.startswith(f"{one}/")),
        "",
    )


def _offer(asking: Visitor | None) -> Offer:
    if asking is None:
        return _NOBODY
    if asking.is_kept_at_gate:
        return _AT_THE_GATE
    roles = dict.fromkeys(grant.role for grant in policies.open_grants(asking.reader))
    return _offered(tuple(roles), _section(request.path))


def _context() -> dict[str, object]:
    """Return what templates are told of the reader."""
    asking = visitor()
    return {
        "reader": asking.reader if asking else None,
        "unread": asking.unread if asking else 0,
        "offer": _offer(asking),
    }


def init_app(app: Flask) -> None:
    """Give every page its masthead: places, search, and what is the reader's own."""
    file = "macros/masthead.html"
    bell, side = made_once(app, file, "bell"), made_once(app, file, "side")

    @lru_cache(maxsize=256)
    def pieces(offer: Offer, level: int) -> Sequence[str]:
        return _GAPS.split(side(offer, _OPEN, tuple(care.LEVELS.items()), level))

    def masthead_side(offer: Offer, reader: Reader | None, unread: int) -> Markup:
        here = request.full_path.rstrip("?") if request.method == "GET" else request.path
        filled: dict[str, Markup] = {_OPEN.token: escape(csrf.token()), _OPEN.here: escape(here)}
        if reader is not None:
            filled |= {_OPEN.bell: bell(unread), _OPEN.name: escape(reader.name)}
        made = [filled.get(piece, piece) for piece in pieces(offer, care.level())]
        return Markup("".join(made))  # noqa: S704  the parts are Markup, what fills them is escaped

    for name in ("places", "search"):
        app.add_template_global(made_once(app, file, name), f"masthead_{name}")
    app.add_template_global(masthead_side)
    app.context_processor(_context)
