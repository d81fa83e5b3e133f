"""The steps of an import, the same for organisations and rosters.

Each step has an address of its own, so that it works without scripts and survives going
back. What was uploaded waits under a token of the reader's own (`imports.waiting`).
"""

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import current_app, flash, redirect, url_for
from flask_login import current_user
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.database import write_transaction
from portal.errors import InvalidInputError
from portal.people import policies
from portal.people.access import current_reader
from portal.people.forms import ImportForm
from portal.people.imports.fields import Field
from portal.people.imports.services import Importing, file_facts
from portal.people.imports.waiting import Report, Upload, WaitingRoom
from portal.people.models import Role
from portal.people.readers import Somebody
from portal.web.templating import render

# So many rows are shown; the counts and the .csv always tell of all.
SHOWN_NEW = 10
SHOWN_CHANGED = 200
SHOWN_REFUSED = 300
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ImportPages:
    """One kind of import as its pages speak of it."""

    importing: Importing[Any]
    may_import: Callable[[Somebody], bool]
    # Whose part of the tree an import reaches.
    keepers: Collection[Role]
    title: str
    unit: str
    # Columns to name before the upload: the ones that must be there, and the others.
    needed: tuple[Field, ...]
    headers: dict[Field, tuple[str, ...]]
    # Whose blueprint has the pages, and whether this import is the only one there.
    room: str = "people"
    is_alone: bool = False
    # Whether one row that cannot be taken keeps the whole file out.
    is_whole: bool = False

    @property
    def name(self) -> str:
        """Part of the addresses and endpoints."""
        return self.importing.name

    def endpoint(self, step: str) -> str:
        """Return the name of a step of this import among the room's endpoints."""
        return f"{self.name}_import_{step}" if not self.is_alone else f"import_{step}"

    def address(self, step: str, token: str | None = None) -> str:
        """Return the address of a step of this import."""
        return url_for(f"{self.room}.{self.endpoint(step)}", token=token)

    @property
    def others(self) -> tuple[Field, ...]:
        """Columns that may be left out."""
        return tuple(field for field in self.headers if field not in self.needed)


def choose(pages: ImportPages, form: ImportForm | None = None, status: int = 200) -> Response:
    """Show the form for a file."""
    form = form or ImportForm()
    return render("people/import_new.html", pages=pages, form=form, status=status)


def upload(pages: ImportPages) -> Response:
    """Keep a file that can be read as a whole; say beside the field why one cannot."""
    form = ImportForm()
    if not form.validate_on_submit():
        return choose(pages, form, status=422)
    uploaded: FileStorage = form.file.data
    content = uploaded.read()
    try:
        pages.importing.read(content)
    except InvalidInputError as error:
        form.add_refusal(InvalidInputError(error.message, field="file"))
        return choose(pages, form, status=422)
    facts = file_facts(uploaded.filename or "", content)
    token = _waiting_room().keep(Upload(_account_id(), pages.name, facts, content))
    return redirect(pages.address("show", token))


def show(pages: ImportPages, token: str) -> Response:
    """Show what a waiting file would do, or the report of a confirmed one."""
    upload = _waiting_room().upload(token, account_id=_account_id(), kind=pages.name)
    if upload is None:
        report = _report(pages, token)
        return render(
            "people/import_report.html",
            pages=pages,
            token=token,
            file=report.file,
            counts=report.counts,
            refusals=report.refusals[:SHOWN_REFUSED],
            refusal_count=len(report.refusals),
        )
    plan = _plan(pages, upload)
    return render(
        "people/import_preview.html",
        pages=pages,
        token=token,
        file=upload.file,
        table=plan.table,
        counts=asdict(plan.counts),
        created=plan.created[:SHOWN_NEW],
        changed=plan.changed[:SHOWN_CHANGED],
        refusals=plan.in_order()[:SHOWN_REFUSED],
        refusal_count=len(plan.refusals),
    )


def confirm(pages: ImportPages, token: str) -> Response:
    """Import a waiting file, once, however often it is confirmed."""
    room = _waiting_room()
    account_id, person = _account_id(), current_reader()
    upload = room.upload(token, account_id=account_id, kind=pages.name)
    if upload is not None:
        table = pages.importing.read(upload.content)
        roots = policies.import_roots(person, pages.keepers)
        actor = _Actor(person.id, person.name)
        with room.claimed(token):
            with write_transaction():
                plan = pages.importing.write(table, file=upload.file, actor=actor, roots=roots)
            refusals = [asdict(refusal) for refusal in plan.in_order()]
            counts = asdict(plan.counts)
            room.finish(token, Report(account_id, pages.name, upload.file, counts, refusals))
        flash("导入完成。")
    return redirect(pages.address("show", token))


def discard(pages: ImportPages, token: str) -> Response:
    """Throw a waiting file away."""
    room = _waiting_room()
    if room.upload(token, account_id=_account_id(), kind=pages.name) is not None:
        room.discard(token)
        flash("已放弃，没有导入任何内容。")
    return redirect(pages.address("new"))


def refused(pages: ImportPages, token: str) -> Response:
    """Answer with the rows that are not taken, as a .csv that spreadsheet programs open."""
    upload = _waiting_room().upload(token, account_id=_account_id(), kind=pages.name)
    if upload is None:
        refusals = _report(pages, token).refusals
    else:
        refusals = [asdict(refusal) for refusal in _plan(pages, upload).in_order()]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["行号", "列", "原因"])
    for refusal in refusals:
        writer.writerow(
            [refusal["row"], _harmless(refusal["column"]), _harmless(refusal["reason"])]
        )
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    name = quote("没有导入的行.csv")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _harmless(text: str) -> str:
    """Return text that no spreadsheet program takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


@dataclass(frozen=True)
class _Actor:
    """Who imports, remembered across the end of the reading transaction."""

    id: int
    name: str


def _plan(pages: ImportPages, upload: Upload) -> Any:
    table = pages.importing.read(upload.content)
    roots = policies.import_roots(current_reader(), pages.keepers)
    return pages.importing.preview(table, roots=roots)


def _report(pages: ImportPages, token: str) -> Report:
    return _waiting_room().report(token, account_id=_account_id(), kind=pages.name)


def _waiting_room() -> WaitingRoom:
    return WaitingRoom(Path(current_app.instance_path) / "imports")


def _account_id() -> int:
    account_id: int = current_user.signed_in.account_id
    return account_id
