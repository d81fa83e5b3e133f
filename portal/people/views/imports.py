"""Importing organisations and rosters: upload, look at what will happen, confirm, report."""

from werkzeug.wrappers import Response

from portal.people import policies
from portal.people.access import allowed
from portal.people.imports.fields import (
    ORGANISATION_HEADERS,
    PERSON_HEADERS,
    OrganisationField,
    PersonField,
)
from portal.people.imports.services import ORGANISATIONS, PEOPLE
from portal.people.views import import_steps as steps
from portal.people.views.blueprint import bp
from portal.people.views.import_steps import ImportPages

PEOPLE_PAGES = ImportPages(
    importing=PEOPLE,
    keepers=policies.ROSTER_KEEPERS,
    title="导入花名册",
    unit="人",
    needed=(PersonField.NAME, PersonField.ORGANISATION),
    headers=PERSON_HEADERS,
)
ORGANISATION_PAGES = ImportPages(
    importing=ORGANISATIONS,
    keepers=policies.TREE_KEEPERS,
    title="导入组织",
    unit="个组织",
    needed=(OrganisationField.CODE, OrganisationField.NAME),
    headers=ORGANISATION_HEADERS,
)


# ------------------------------------------------------------------ people


@bp.get("/people/import")
@allowed(policies.may_import_people)
def people_import_new() -> Response:
    """Choose a roster."""
    return steps.choose(PEOPLE_PAGES)


@bp.post("/people/import")
@allowed(policies.may_import_people)
def people_import_upload() -> Response:
    """Take a roster in, without importing it yet."""
    return steps.upload(PEOPLE_PAGES)


@bp.get("/people/import/<token>")
@allowed(policies.may_import_people)
def people_import_show(token: str) -> Response:
    """What will happen; after the confirmation, what has happened."""
    return steps.show(PEOPLE_PAGES, token)


@bp.post("/people/import/<token>")
@allowed(policies.may_import_people)
def people_import_confirm(token: str) -> Response:
    """Import the roster that was looked at."""
    return steps.confirm(PEOPLE_PAGES, token)


@bp.post("/people/import/<token>/discard")
@allowed(policies.may_import_people)
def people_import_discard(token: str) -> Response:
    """Throw the uploaded roster away."""
    return steps.discard(PEOPLE_PAGES, token)


@bp.get("/people/import/<token>/refused.csv")
@allowed(policies.may_import_people)
def people_import_refused(token: str) -> Response:
    """The rows that are not taken, as a .csv."""
    return steps.refused(PEOPLE_PAGES, token)


# ------------------------------------------------------------------ organisations


@bp.get("/organisations/import")
@allowed(policies.may_import_organisations)
def organisations_import_new() -> Response:
    """Choose a table of organisations."""
    return steps.choose(ORGANISATION_PAGES)


@bp.post("/organisations/import")
@allowed(policies.may_import_organisations)
def organisations_import_upload() -> Response:
    """Take a table of organisations in, without importing it yet."""
    return steps.upload(ORGANISATION_PAGES)


@bp.get("/organisations/import/<token>")
@allowed(policies.may_import_organisations)
def organisations_import_show(token: str) -> Response:
    """What will happen; after the confirmation, what has happened."""
    return steps.show(ORGANISATION_PAGES, token)


@bp.post("/organisations/import/<token>")
@allowed(policies.may_import_organisations)
def organisations_import_confirm(token: str) -> Response:
    """Import the organisations that were looked at."""
    return steps.confirm(ORGANISATION_PAGES, token)


@bp.post("/organisations/import/<token>/discard")
@allowed(policies.may_import_organisations)
def organisations_import_discard(token: str) -> Response:
    """Throw the uploaded table away."""
    return steps.discard(ORGANISATION_PAGES, token)


@bp.get("/organisations/import/<token>/refused.csv")
@allowed(policies.may_import_organisations)
def organisations_import_refused(token: str) -> Response:
    """The rows that are not taken, as a .csv."""
    return steps.refused(ORGANISATION_PAGES, token)
