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

KINDS = (
    ImportPages(
        importing=PEOPLE,
        may_import=policies.may_import_people,
        keepers=policies.ROSTER_KEEPERS,
        title="导入花名册",
        unit="人",
        needed=(PersonField.NAME, PersonField.ORGANISATION),
        headers=PERSON_HEADERS,
    ),
    ImportPages(
        importing=ORGANISATIONS,
        may_import=policies.may_import_organisations,
        keepers=policies.TREE_KEEPERS,
        title="导入组织",
        unit="个组织",
        needed=(OrganisationField.CODE, OrganisationField.NAME),
        headers=ORGANISATION_HEADERS,
    ),
)


def _open(pages: ImportPages) -> None:
    """Give one kind of import its addresses: the same steps, each under its own policy."""
    start, waiting = f"/{pages.name}/import", f"/{pages.name}/import/<token>"

    @bp.get(start, endpoint=pages.endpoint("new"))
    @allowed(pages.may_import)
    def new() -> Response:
        """Choose a file."""
        return steps.choose(pages)

    @bp.post(start, endpoint=pages.endpoint("upload"))
    @allowed(pages.may_import)
    def upload() -> Response:
        """Take a file in, without importing it yet."""
        return steps.upload(pages)

    @bp.get(waiting, endpoint=pages.endpoint("show"))
    @allowed(pages.may_import)
    def show(token: str) -> Response:
        """What will happen; after the confirmation, what has happened."""
        return steps.show(pages, token)

    @bp.post(waiting, endpoint=pages.endpoint("confirm"))
    @allowed(pages.may_import)
    def confirm(token: str) -> Response:
        """Import what was looked at."""
        return steps.confirm(pages, token)

    @bp.post(f"{waiting}/discard", endpoint=pages.endpoint("discard"))
    @allowed(pages.may_import)
    def discard(token: str) -> Response:
        """Throw the uploaded file away."""
        return steps.discard(pages, token)

    @bp.get(f"{waiting}/refused.csv", endpoint=pages.endpoint("refused"))
    @allowed(pages.may_import)
    def refused(token: str) -> Response:
        """The rows that are not taken, as a .csv."""
        return steps.refused(pages, token)


for kind in KINDS:
    _open(kind)
