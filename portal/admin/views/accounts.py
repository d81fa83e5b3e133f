"""Accounts, for the system administrator: find, open, lock out, let in again."""

from datetime import date

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.admin import policies, queries
from portal.admin.forms import AccountForm, ExpiryForm, NewPersonAccountForm
from portal.admin.queries import UNUSED, UNUSED_DAYS, WantedAccounts
from portal.admin.views.asking import asked_words
from portal.admin.views.blueprint import bp
from portal.database import write_transaction
from portal.errors import InvalidInputError
from portal.paging import page_of
from portal.people import queries as people_queries
from portal.people.access import allowed, current_person, current_reader, require
from portal.people.models import Account, AccountState, Participation, Person
from portal.people.person_forms import choices_of
from portal.people.policies import may_manage_accounts
from portal.people.readers import Somebody
from portal.people.services import LockRules, PasswordRules, passwords
from portal.people.services import accounts as services
from portal.people.services.persons import Facts, create_person
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

STATES = [
    *((state.value, state.label) for state in AccountState),
    (UNUSED, f"{UNUSED_DAYS} 天未登录"),
]
OF_ADMINISTRATOR = (
    "三员的账号互相制约，不能在这里改动。密码由运维人员在服务器上重置；"
    "停用前请先由安全管理员撤销角色。"
)


@bp.get("/accounts")
@allowed(may_manage_accounts)
def accounts() -> Response:
    """Find accounts by user name, name or pinyin; the filters are in the address."""
    wanted = WantedAccounts(typed=asked_words("q"), state=_known_state())
    found = page_of(queries.accounts(wanted), request.args.get("page", 1, type=int))
    return render(
        "admin/accounts.html", block="results", accounts=found, wanted=wanted, states=STATES
    )


@bp.get("/accounts/new")
@allowed(may_manage_accounts)
def new_account() -> Response:
    """Find whom the account is for; then ask for a user name."""
    if "person" in request.args:
        return _account_page(AccountForm(), _asked_person())
    typed = asked_words("q")
    return render(
        "admin/account_person.html",
        block="results",
        typed=typed,
        found=queries.persons_to_give_accounts(typed),
        most=queries.MOST_FOUND,
    )


@bp.post("/accounts/new")
@allowed(may_manage_accounts)
def create_account() -> Response:
    """Open an account for a known person and show its one-time password, this once."""
    person = _asked_person()
    form = AccountForm()
    if not form.validate():
        return _account_page(form, person, status=422)
    password = passwords.one_time_password()
    password_hash = passwords.hash_password(password)
    try:
        with write_transaction():
            account = services.create_account(
                person=people_queries.person(person.id),
                username=form.username.data or "",
                password_hash=password_hash,
                expires_on=_last_day(form),
                actor=current_person(),
            )
            account_id = account.id
    except InvalidInputError as error:
        form.add_refusal(error)
        return _account_page(form, people_queries.person(person.id), status=422)
    return _issued(account_id, password, heading="账号已开立")


@bp.get("/accounts/new-person")
@allowed(may_manage_accounts)
def new_person_account() -> Response:
    """The form for somebody who is in no roster."""
    return _new_person_page(_new_person_form())


@bp.post("/accounts/new-person")
@allowed(may_manage_accounts)
def create_person_account() -> Response:
    """Enter somebody as a guest and open an account for them."""
    form = _new_person_form()
    if not form.validate():
        return _new_person_page(form, status=422)
    password = passwords.one_time_password()
    password_hash = passwords.hash_password(password)
    try:
        with write_transaction():
            actor = current_person()
            person = create_person(
                facts=_facts(form),
                organisation=people_queries.organisation(int(form.organisation.data)),
                participation=Participation.GUEST,
                since=None,
                actor=actor,
            )
            account = services.create_account(
                person=person,
                username=form.username.data or "",
                password_hash=password_hash,
                expires_on=_last_day(form),
                actor=actor,
            )
            account_id = account.id
    except InvalidInputError as error:
        form = _new_person_form()
        form.validate()
        form.add_refusal(error)
        return _new_person_page(form, status=422)
    return _issued(account_id, password, heading="账号已开立")


@bp.get("/accounts/<int:account_id>")
@allowed(may_manage_accounts)
def account(account_id: int) -> Response:
    """One account: how it stands, and what can be done about it."""
    return _show(queries.account(account_id), ExpiryForm())


@bp.post("/accounts/<int:account_id>/deactivate")
@allowed(may_manage_accounts)
@writes
def deactivate(account_id: int) -> Response:
    """Shut the account at once."""
    services.deactivate(account=_changeable(account_id), actor=current_person())
    return _done(account_id, "账号已停用，已登录的也已退出。")


@bp.post("/accounts/<int:account_id>/reactivate")
@allowed(may_manage_accounts)
@writes
def reactivate(account_id: int) -> Response:
    """Open the account again, to be confirmed by the security administrator."""
    services.reactivate(account=_changeable(account_id), actor=current_person())
    return _done(account_id, "账号已重新启用，等待安全管理员确认。")


@bp.post("/accounts/<int:account_id>/unlock")
@allowed(may_manage_accounts)
@writes
def unlock(account_id: int) -> Response:
    """Lift the lock before its time."""
    found = queries.account(account_id)
    require(policies.may_unlock_account(current_reader(), found), "不能给自己解除锁定。")
    services.unlock(
        account=found, locks=LockRules.from_settings(current_app.config), actor=current_person()
    )
    return _done(account_id, "锁定已解除。")


@bp.post("/accounts/<int:account_id>/expiry")
@allowed(may_manage_accounts)
@writes
def set_expiry(account_id: int) -> Response:
    """Set or lift the last day of the account."""
    found = _changeable(account_id)
    form = ExpiryForm()
    if form.validate():
        try:
            services.set_expiry(account=found, expires_on=_last_day(form), actor=current_person())
        except InvalidInputError as error:
            form.add_refusal(error)
    if form.errors:
        return _show(found, form, status=422)
    return _done(account_id, "到期日已保存。")


@bp.post("/accounts/<int:account_id>/reset-password")
@allowed(may_manage_accounts)
def reset_password(account_id: int) -> Response:
    """Give a one-time password and show it, this once; sessions of the old one end."""
    _changeable(account_id)
    password = passwords.one_time_password()
    password_hash = passwords.hash_password(password)
    with write_transaction():
        services.reset_password(
            account=_changeable(account_id),
            new_hash=password_hash,
            rules=PasswordRules.from_settings(current_app.config),
            actor=current_person(),
        )
    return _issued(account_id, password, heading="密码已重置")


def _changeable(account_id: int) -> Account:
    found = queries.account(account_id)
    require(policies.may_change_account(current_reader(), found), OF_ADMINISTRATOR)
    return found


def _show(found: Account, form: ExpiryForm, *, status: int = 200) -> Response:
    if not form.is_submitted():
        form.expires_on.data = found.expires_on
    reader = current_reader()
    return render(
        "admin/account.html",
        account=found,
        form=form,
        sessions=queries.open_sessions(found.id),
        may_change=policies.may_change_account(reader, found),
        may_unlock=policies.may_unlock_account(reader, found),
        of_administrator=OF_ADMINISTRATOR,
        status=status,
    )


def _account_page(form: AccountForm, person: Somebody, *, status: int = 200) -> Response:
    return render("admin/account_form.html", form=form, person=person, status=status)


def _new_person_form() -> NewPersonAccountForm:
    form = NewPersonAccountForm()
    form.organisation.choices = choices_of(people_queries.organisations(), "请选择")
    return form


def _new_person_page(form: NewPersonAccountForm, *, status: int = 200) -> Response:
    return render("admin/account_new_person.html", form=form, status=status)


def _facts(form: NewPersonAccountForm) -> Facts:
    return Facts(
        name=form.name.data or "",
        phone=form.phone.data or "",
        work_unit=form.work_unit.data or "",
        post=form.post.data or "",
    )


def _issued(account_id: int, password: str, *, heading: str) -> Response:
    """Show the one-time password: it is in this answer and nowhere else."""
    return render(
        "admin/issued.html",
        account=queries.account(account_id),
        password=password,
        heading=heading,
        rules=PasswordRules.from_settings(current_app.config),
    )


def _done(account_id: int, sentence: str) -> Response:
    flash(sentence)
    return redirect(url_for("admin.account", account_id=account_id))


def _asked_person() -> Person:
    return people_queries.person(asked_number("person") or 0)


def _known_state() -> str:
    state = request.args.get("state", "")
    return state if state in dict(STATES) else ""


def _last_day(form: ExpiryForm) -> date | None:
    day: object = form.expires_on.data
    return day if isinstance(day, date) else None
