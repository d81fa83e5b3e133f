"""Signing in and out, and the page of an account that has not been opened yet."""

from flask import current_app, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal import clock
from portal.database import write_transaction
from portal.people import session
from portal.people.access import public, signed_in
from portal.people.forms import LoginForm
from portal.people.services import LockRules, PasswordRules, signing_in
from portal.people.views.blueprint import bp
from portal.web import care
from portal.web.addresses import path_here
from portal.web.templating import exact_day, render
from portal.web.transaction import writes


@bp.get("/login")
@public
def login() -> Response:
    """The door."""
    if current_user.is_authenticated:
        return redirect(path_here(request.args.get("next")))
    return _door(LoginForm())


@bp.post("/login")
@public
def try_login() -> Response:
    """Let in who knows the password; say the same to everybody else."""
    form = LoginForm()
    if not form.validate():
        return _door(form, status=422)
    tried = signing_in.attempt(
        username=form.username.data or "",
        password=form.password.data or "",
        address=request.remote_addr or "",
    )
    locks = LockRules.from_settings(current_app.config)
    passwords = PasswordRules.from_settings(current_app.config)
    with write_transaction():
        entry = signing_in.decide(tried, locks=locks, passwords=passwords)
        level = entry.account.care_level if entry is not None else 0
        if entry is not None:
            session.sign_in(entry.account)
    if entry is None:
        form.form_errors.append(locks.refusal)
        return _door(form, status=422)
    _tell_last_login(entry, locks)
    response = redirect(path_here(request.args.get("next")))
    return care.remember(response, level) if level else response


@bp.post("/logout")
@signed_in
@writes
def logout() -> Response:
    """End the session on the server, and forget what pages have kept in this browser."""
    session.sign_out()
    response = redirect(url_for("people.login"))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@bp.get("/waiting")
@signed_in
def waiting() -> Response:
    """Say that the account waits for the security administrator."""
    if current_user.signed_in.confirmed_at is not None:
        return redirect(url_for("home.index"))
    return render("people/waiting.html")


def _door(form: LoginForm, *, status: int = 200) -> Response:
    needs_https = current_app.config["SESSION_COOKIE_SECURE"] and not request.is_secure
    return render("people/login.html", form=form, needs_https=needs_https, status=status)


def _tell_last_login(entry: signing_in.Entry, locks: LockRules) -> None:
    """Say once when and from where the account was last used, so that a stranger is noticed."""
    if entry.last_login_at is None:
        return
    moment = clock.local(entry.last_login_at)
    words = f"上次登录：{exact_day(entry.last_login_at)} {moment:%H:%M}"
    if entry.last_login_address:
        words += f"，地址 {entry.last_login_address}"
    if entry.failures_since:
        words += f"；近 {locks.minutes} 分钟内有 {entry.failures_since} 次登录失败"
    flash(f"{words}。")
