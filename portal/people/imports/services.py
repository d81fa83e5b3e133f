"""Importing: read a file, plan it, write the plan. The caller opens the transaction.

Everything that is written is planned in the same transaction, so a plan that somebody looked
at an hour ago never decides: what was true then may be wrong now.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from portal import clock
from portal.audit import services as audit
from portal.people.imports.columns import Table
from portal.people.imports.organisation_rows import PlannedOrganisation, organisation_table
from portal.people.imports.organisations import apply_organisations, plan_organisations
from portal.people.imports.people import PlannedPerson, plan_people
from portal.people.imports.person_rows import person_table
from portal.people.imports.plan import Plan, Planned, Progress
from portal.people.imports.reading import read_sheets
from portal.people.imports.writing import apply_people
from portal.people.naming import plain_text
from portal.people.tree_queries import lock_the_tree

Roots = tuple[str, ...] | None


@dataclass(frozen=True)
class FileFacts:
    """What is remembered of a file after it is gone: its name and SHA-256."""

    name: str
    sha256: str


def file_facts(name: str, content: bytes) -> FileFacts:
    """Return a file's name, without folders and invisible signs, and its SHA-256 (hex)."""
    last = plain_text(name).rsplit("/", 1)[-1]
    return FileFacts(last[:120], hashlib.sha256(content).hexdigest())


def _no_progress(_rows: int) -> None:
    """Nobody is watching."""


def read_organisations(content: bytes) -> Table:
    """Return the table of organisations in a file; raise InvalidInputError."""
    return organisation_table(read_sheets(content))


def read_people(content: bytes) -> Table:
    """Return the roster in a file; raise InvalidInputError."""
    return person_table(read_sheets(content))


def preview_organisations(
    table: Table, *, roots: Roots = None, progress: Progress = _no_progress
) -> Plan[PlannedOrganisation]:
    """Return what importing organisations would do; `roots` are the paths of the reader's scope."""
    return plan_organisations(table, roots=roots, progress=progress)


def preview_people(
    table: Table, *, roots: Roots = None, progress: Progress = _no_progress
) -> Plan[PlannedPerson]:
    """Return what importing a roster would do; `roots` are the paths of the reader's scope."""
    return plan_people(table, today=clock.today(), roots=roots, progress=progress)


def import_organisations(
    table: Table,
    *,
    file: FileFacts,
    actor: audit.Acting | None,
    roots: Roots = None,
    progress: Progress = _no_progress,
) -> Plan[PlannedOrganisation]:
    """Plan and write all organisations that are not refused; one entry in the audit chain."""
    lock_the_tree()
    plan = plan_organisations(table, roots=roots, progress=progress)
    apply_organisations(plan, today=clock.today())
    _record("organisations.imported", plan, file, actor)
    return plan


def import_people(
    table: Table,
    *,
    file: FileFacts,
    actor: audit.Acting | None,
    roots: Roots = None,
    progress: Progress = _no_progress,
) -> Plan[PlannedPerson]:
    """Plan and write all persons that are not refused; one entry in the audit chain."""
    lock_the_tree()
    today = clock.today()
    plan = plan_people(table, today=today, roots=roots, progress=progress, to_change=True)
    apply_people(plan, today=today, actor=actor, progress=progress)
    _record("people.imported", plan, file, actor)
    return plan


def _record(action: str, plan: Plan[Any], file: FileFacts, actor: audit.Acting | None) -> None:
    counts = plan.counts
    audit.record(
        action,
        "import",
        actor=actor,
        file=file.name,
        sha256=file.sha256,
        created=counts.created,
        changed=counts.changed,
        unchanged=counts.unchanged,
        refused=counts.refused,
    )


@dataclass(frozen=True)
class Importing(Generic[Planned]):
    """One kind of import: how its file is read, previewed and written."""

    name: str
    read: Callable[[bytes], Table]
    preview: Callable[..., Plan[Planned]]
    write: Callable[..., Plan[Planned]]


ORGANISATIONS = Importing(
    "organisations", read_organisations, preview_organisations, import_organisations
)
PEOPLE = Importing("people", read_people, preview_people, import_people)
