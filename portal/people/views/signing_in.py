"""Signing in and out."""

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.people import services, session
from portal.people.access import public, signed_in
from portal.people.forms import LoginForm
from portal.people.views.blueprint import bp
from portal.web import care
from portal.web.addresses import path_here
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/login")
@public
def login() -> Response:
    """The door."""
    if current_user.is_authenticated:
        return redirect(path_here(request.args.get("next")))
    return render("people/login.html", form=LoginForm())


@bp.post("/login")
@public
def try_login() -> Response:
    """Let in who knows the password; say the same to everybody else."""
    form = LoginForm()
    if not form.validate():
        return render("people/login.html", form=form, status=422)
    address = request.remote_addr or ""
    account = services.check_password(
        username=form.username.data or "", password=form.password.data or "", address=address
    )
    if account is None:
        form.form_errors.append(services.LOGIN_REFUSED)
        return render("people/login.html", form=form, status=422)
    with write_transaction():
        level = account.care_level
        session.sign_in(account)
    response = redirect(path_here(request.args.get("next")))
    return care.remember(response, level) if level else response


@bp.post("/logout")
@signed_in
@writes
def logout() -> Response:
    """End the session on the server."""
    session.sign_out()
    return redirect(url_for("people.login"))
