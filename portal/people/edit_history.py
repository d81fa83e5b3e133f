"""Two people at one record: the second one is told who changed what meanwhile.

Each change of a record notes in the audit chain its new version and the names of the fields;
a form that carries an older version gets the list of what came after it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.database import db
from portal.errors import ConflictError

_MOST_SHOWN = 10


@dataclass(frozen=True)
class Edit:
    """Somebody's change: who, when, and which fields (Chinese labels)."""

    by: str
    at: datetime
    fields: tuple[str, ...]


class ChangedMeanwhileError(ConflictError):
    """The record is newer than the form; `edits` says what happened in between."""

    def __init__(self, edits: list[Edit]) -> None:
        super().__init__("您打开这一页以后，别人改动过这条记录，您的修改还没有保存。")
        self.edits = edits


def edits_since(thing: object, version: int) -> list[Edit]:
    """Return the changes of a record after that version, the newest first."""
    entries = db.session.execute(
        select(AuditEntry.actor_name, AuditEntry.at, AuditEntry.details)
        .where(
            AuditEntry.object_type == type(thing).__name__,
            AuditEntry.object_id == str(getattr(thing, "id", "")),
        )
        .order_by(AuditEntry.id.desc())
        .limit(_MOST_SHOWN)
    )
    edits = []
    for name, at, text in entries:
        details = json.loads(text)
        if details.get("version", 0) > version:
            edits.append(Edit(name, at, tuple(details.get("changes", ()))))
    return edits


def check_version(thing: object, version: int | None) -> None:
    """Raise ChangedMeanwhileError if the form was filled from an older version."""
    if version != getattr(thing, "version", None):
        raise ChangedMeanwhileError(edits_since(thing, version or 0))


def differences(
    before: Mapping[str, object], after: Mapping[str, object], labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return label -> [before, after] of what differs, as the audit chain keeps it."""
    return {
        label: [_word(before[field]), _word(after[field])]
        for field, label in labels.items()
        if before[field] != after[field]
    }


def _word(value: object) -> str:
    return "" if value is None else str(getattr(value, "label", value))
