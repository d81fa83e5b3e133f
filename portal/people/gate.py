"""Before any view: who is signed in but may not go everywhere yet, or never.

- A password that has to be changed (one-time, or older than the rule allows) opens only the
  page where it is changed.
- An account that the security administrator has not confirmed opens only a page that says so.
- The three administrators see no business data (DOMAIN 3.1): every room but their own is shut
  to them, also the rooms that are built later.
"""

from typing import Any

from flask import Flask, redirect, request, url_for

from portal.errors import ForbiddenError
from portal.people import policies
from portal.people.session import visitor
from portal.web import htmx

# Open to whoever is signed in, whatever the state of the account.
ALWAYS = frozenset(
    {
        "assets.send",
        "doors.api_help",
        "hours.check",
        "health.healthz",
        "health.readyz",
        "people.login",
        "people.try_login",
        "people.logout",
        "people.choose_care",
        "people.password",
        "people.change_password",
    }
)
WAITING = "people.waiting"
# Rooms that know no sessions: devices speak there.
ROOMS_OF_DEVICES = frozenset({"door_api"})
# Rooms in which views ask for the administrators' rights themselves.
ROOMS_OF_ADMINISTRATORS = frozenset({"admin", "door_tokens", "people"})
# Shows administrators what waits for them, and nothing else.
HOME = "home.index"


def _ask_way() -> Any:
    endpoint = request.endpoint
    if endpoint is None or endpoint in ALWAYS or request.blueprint in ROOMS_OF_DEVICES:
        return None
    asking = visitor()
    if asking is None:
        return None
    if asking.must_change_password:
        return _send_to(url_for("people.password"))
    if asking.signed_in.confirmed_at is None:
        return None if endpoint == WAITING else _send_to(url_for(WAITING))
    if policies.is_administrator(asking.reader):
        return _administrators_way(endpoint)
    return None


def _administrators_way(endpoint: str) -> Any:
    if request.blueprint in ROOMS_OF_ADMINISTRATORS or endpoint == HOME:
        return None
    raise ForbiddenError("管理员账号只用于管理，不能查看和办理业务。办理业务请用本人的业务账号。")


def _send_to(address: str) -> Any:
    return htmx.redirect_whole_page(address) if htmx.is_fragment_request() else redirect(address)


def init_app(app: Flask) -> None:
    """Ask at every request."""
    app.before_request(_ask_way)
