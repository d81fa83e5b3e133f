"""Roles, for the security administrator: who may do what where, and since when."""

from datetime import date

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.admin import policies, queries
from portal.admin.forms import GrantForm
from portal.admin.queries import WantedAccounts
from portal.admin.views.asking import asked_words
from portal.admin.views.blueprint import bp
from portal.errors import InvalidInputError
from portal.paging import page_of
from portal.people import queries as people_queries
from portal.people.access import allowed, current_person, current_reader, require
from portal.people.models import Account, AccountState, Role
from portal.people.person_forms import choices_of
from portal.people.policies import may_grant_roles
from portal.people.services import accounts
from portal.people.services import grants as services
from portal.web.templating import render
from portal.web.transaction import writes

ONESELF = "不能给自己授权，也不能撤销自己的授权，请由另一位安全管理员办理。"


@bp.get("/grants")
@allowed(may_grant_roles)
def grants() -> Response:
    """Accounts and their roles, those that wait first; the filters are in the address."""
    waiting = AccountState.WAITING.value if request.args.get("state") == "waiting" else ""
    wanted = WantedAccounts(typed=asked_words("q"), state=waiting, role=_known_role())
    found = page_of(queries.accounts_by_person(wanted), request.args.get("page", 1, type=int))
    return render(
        "admin/grants.html",
        block="results",
        accounts=found,
        wanted=wanted,
        roles=list(Role),
        day=clock.today(),
    )


@bp.get("/grants/<int:account_id>")
@allowed(may_grant_roles)
def grants_of(account_id: int) -> Response:
    """What one person holds, held, and will hold."""
    return _show(queries.account(account_id), _grant_form())


@bp.post("/grants/<int:account_id>")
@allowed(may_grant_roles)
@writes
def grant(account_id: int) -> Response:
    """Grant a role; a waiting account is thereby confirmed."""
    found = _anothers(account_id)
    form = _grant_form()
    if not form.validate():
        return _show(found, form, status=422)
    over = form.organisation.data
    try:
        services.grant_role(
            account=found,
            role=Role(form.role.data),
            organisation=people_queries.organisation(int(over)) if over else None,
            valid_from=_day(form.valid_from.data),
            valid_to=_day(form.valid_to.data),
            actor=current_person(),
        )
    except InvalidInputError as error:
        form.add_refusal(error)
        return _show(found, form, status=422)
    flash("已授权，立即生效。" if _starts_now(form) else "已授权，到开始日生效。")
    return redirect(url_for("admin.grants_of", account_id=account_id))


@bp.post("/grants/<int:account_id>/confirm")
@allowed(may_grant_roles)
@writes
def confirm(account_id: int) -> Response:
    """Let the account in as a participant, without a further role."""
    accounts.confirm(account=_anothers(account_id), actor=current_person())
    flash("账号已确认，可以作为参加人使用。")
    return redirect(url_for("admin.grants_of", account_id=account_id))


@bp.post("/grants/<int:account_id>/<int:grant_id>/withdraw")
@allowed(may_grant_roles)
@writes
def withdraw(account_id: int, grant_id: int) -> Response:
    """End a role at once."""
    found = _anothers(account_id)
    services.withdraw_grant(grant=queries.grant(found, grant_id), actor=current_person())
    flash("授权已撤销，立即生效。")
    return redirect(url_for("admin.grants_of", account_id=account_id))


def _anothers(account_id: int) -> Account:
    found = queries.account(account_id)
    require(policies.may_change_grants(current_reader(), found), ONESELF)
    return found


def _show(found: Account, form: GrantForm, *, status: int = 200) -> Response:
    today = clock.today()
    over = [g for g in found.person.grants if g.valid_to is not None and g.valid_to < today]
    return render(
        "admin/grants_of.html",
        account=found,
        form=form,
        standing=[g for g in found.person.grants if g not in over],
        over=over,
        day=today,
        may_change=policies.may_change_grants(current_reader(), found),
        oneself=ONESELF,
        status=status,
    )


def _grant_form() -> GrantForm:
    form = GrantForm()
    form.offer(choices_of(people_queries.organisations(), "不限定组织（三员）"))
    return form


def _known_role() -> Role | None:
    try:
        return Role(request.args.get("role", ""))
    except ValueError:
        return None


def _day(typed: object) -> date | None:
    return typed if isinstance(typed, date) else None


def _starts_now(form: GrantForm) -> bool:
    starts = _day(form.valid_from.data)
    return starts is None or starts <= clock.today()
