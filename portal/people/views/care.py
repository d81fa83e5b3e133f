"""Choosing the size of everything (关怀模式), with or without an account."""

from flask import redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.access import public
from portal.people.views.blueprint import bp
from portal.web import care
from portal.web.addresses import path_here
from portal.web.transaction import writes


@bp.post("/care")
@public
@writes
def choose_care() -> Response:
    """Remember the size in this browser, and with the account of whoever is signed in."""
    chosen = request.form.get("level", "")
    if chosen not in {"0", "1", "2"}:
        raise InvalidInputError("没有这一档字号。")
    if current_user.is_authenticated:
        current_user.account.care_level = int(chosen)
    return care.remember(redirect(path_here(request.form.get("next"))), int(chosen))
