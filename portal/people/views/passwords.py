"""Changing one's own password."""

from flask import current_app, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import InvalidInputError
from portal.people import policies, session
from portal.people.access import current_person, current_reader, signed_in
from portal.people.forms import PasswordForm
from portal.people.services import LockRules, PasswordRules, accounts, passwords, signing_in
from portal.people.views.blueprint import bp
from portal.web.templating import render


@bp.get("/me/password")
@signed_in
def password() -> Response:
    """The form for a new password, with the rules above it."""
    return _page(PasswordForm())


@bp.post("/me/password")
@signed_in
def change_password() -> Response:
    """Change the password; other browsers are signed out, this one goes on.

    Everything slow (argon2, up to seven times) is done before the transaction begins.
    """
    form = PasswordForm()
    if not form.validate():
        return _page(form, status=422)
    rules = PasswordRules.from_settings(current_app.config)
    new = form.new.data or ""
    try:
        compared = _compared_hash(form.current.data or "")
        _check_new(new, rules)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _page(form, status=422)
    new_hash = passwords.hash_password(new)
    with write_transaction():
        account = current_user.account
        accounts.change_password(
            account=account,
            compared_hash=compared,
            new_hash=new_hash,
            rules=rules,
            actor=current_person(),
        )
        session.sign_in(account)
    flash("密码已修改，其他地方的登录已经退出。")
    return redirect(url_for("home.index"))


def _compared_hash(typed: str) -> str:
    """Return the hash that the typed present password belongs to; count a wrong one."""
    locks = LockRules.from_settings(current_app.config)
    account = current_user.account
    known = account.password_hash
    if passwords.matches(typed, known) and not signing_in.is_locked(account):
        return str(known)
    with write_transaction():
        signing_in.note_wrong_password(
            current_user.account, address=request.remote_addr or "", locks=locks
        )
    raise InvalidInputError(
        f"当前密码不正确。连续 {locks.failures} 次错误后锁定 {locks.minutes} 分钟。",
        field="current",
    )


def _check_new(new: str, rules: PasswordRules) -> None:
    account, person = current_user.account, current_person()
    passwords.check_rules(
        new,
        username=account.username,
        person=person,
        is_administrator=policies.is_administrator(person),
        rules=rules,
    )
    passwords.check_history(new, accounts.former_hashes(account, rules=rules), rules=rules)


def _page(form: PasswordForm, *, status: int = 200) -> Response:
    rules = PasswordRules.from_settings(current_app.config)
    is_administrator = policies.is_administrator(current_reader())
    return render(
        "people/password.html",
        form=form,
        rules=rules,
        least_length=rules.least_length(is_administrator=is_administrator),
        account=current_user.signed_in,
        is_forced=current_user.must_change_password,
        status=status,
    )
