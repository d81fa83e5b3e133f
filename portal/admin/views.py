"""Pages of the three administrators."""

from flask import Blueprint
from werkzeug.wrappers import Response

from portal.people import policies
from portal.people.access import allowed
from portal.web.templating import render

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.get("/accounts")
@allowed(policies.may_manage_accounts)
def accounts() -> Response:
    """Accounts, for the system administrator."""
    return render("admin/accounts.html")


@bp.get("/grants")
@allowed(policies.may_grant_roles)
def grants() -> Response:
    """Roles, for the security administrator."""
    return render("admin/grants.html")


@bp.get("/audit")
@allowed(policies.may_read_audit)
def audit() -> Response:
    """The audit chain, for the auditor."""
    return render("admin/audit.html")
