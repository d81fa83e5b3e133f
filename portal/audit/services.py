"""Adding to the chain, and proving it.

Rooms call `record` beside the change they make. The entries become links only when the
transaction commits (`before_commit`): the chain's head is locked for that last moment
alone, and an act that is rolled back leaves no entry.
"""

import hashlib
import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from portal import clock
from portal.audit.models import AuditEntry, AuditHead
from portal.database import db
from portal.statements import Act, Ready

GENESIS = "0" * 64
_PENDING = "audit_pending"

# What every act ends with, on the tables themselves: built once.
_HEAD = AuditHead.metadata.tables["audit_head"]
_HEAD_TO_CHANGE = Ready(
    select(_HEAD.c.last_id, _HEAD.c.last_hash).where(_HEAD.c.id == 1).with_for_update()
)
_ENTRY = AuditEntry.metadata.tables["audit_entry"]
_LINK = Act(insert(_ENTRY), _ENTRY.columns.keys())
_MOVE_HEAD = Act(
    update(_HEAD)
    .where(_HEAD.c.id == bindparam("head_id"))
    .values(last_id=bindparam("to_id"), last_hash=bindparam("to_hash"))
)

address: ContextVar[str] = ContextVar("audit_address", default="命令行")


class Acting(Protocol):
    """Whoever acts: a person with a name."""

    id: Any
    name: Any


@dataclass(frozen=True)
class Fault:
    """Where the chain does not hold: the entry's number and what is wrong, in Chinese."""

    entry_id: int
    reason: str


def record(action: str, thing: object, *, actor: Acting | None, **details: object) -> None:
    """Note that `actor` did `action` to `thing`; it is chained when the transaction commits.

    `thing` is a row (flushed, so that it has an id) or a plain word for acts without one.
    `details` must hold no secret and no more personal data than the act needs.
    """
    entry = {
        "at": clock.now(),
        "actor_id": actor.id if actor else None,
        "actor_name": actor.name if actor else "系统",
        "action": action,
        "object_type": thing if isinstance(thing, str) else type(thing).__name__,
        "object_id": "" if isinstance(thing, str) else str(getattr(thing, "id", "")),
        "details": json.dumps(details, ensure_ascii=False, sort_keys=True, default=str),
        "address": address.get(),
    }
    session = db.session()
    session.info.setdefault(_PENDING, []).append((session.get_nested_transaction(), entry))


def link_hash(entry: dict[str, Any], previous_hash: str) -> str:
    """Return the SHA-256 (hex) that binds an entry to the one before it."""
    moment: datetime = entry["at"]
    parts = [
        previous_hash,
        str(entry["id"]),
        moment.isoformat(timespec="microseconds"),
        *(str(entry[key]) for key in ("actor_id", "actor_name", "action", "object_type")),
        *(str(entry[key]) for key in ("object_id", "details", "address")),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def verify() -> tuple[int, Fault | None]:
    """Walk the whole chain; return how many entries hold and the first fault, if any.

    The head is read before and after the walk: what was linked in the meantime is no fault,
    what the head does not know is.
    """
    before = _head()
    previous_hash, expected_id, count = GENESIS, 1, 0
    rows = db.session.execute(
        select(*AuditEntry.__table__.columns)
        .order_by(AuditEntry.id)
        .execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        entry = dict(row)
        reason = _fault_of(entry, expected_id, previous_hash, before)
        if reason is not None:
            rows.close()
            return count, Fault(min(entry["id"], expected_id), reason)
        previous_hash, expected_id, count = entry["hash"], expected_id + 1, count + 1
    after = _head()
    if before is None or after is None:
        return count, Fault(expected_id, "记录链的末端标记缺失")
    if count < before[0]:
        return count, Fault(expected_id, f"第 {expected_id} 条起的记录被删去")
    if count > after[0]:
        return after[0], Fault(after[0] + 1, f"第 {after[0] + 1} 条起的记录不是门户写入的")
    return count, None


def _fault_of(
    entry: dict[str, Any], expected_id: int, previous_hash: str, head: tuple[int, str] | None
) -> str | None:
    """Return what is wrong with one entry, knowing the one before and the chain's head."""
    if entry["id"] != expected_id:
        return f"第 {expected_id} 条记录缺失"
    if entry["previous_hash"] != previous_hash or entry["hash"] != link_hash(entry, previous_hash):
        return f"第 {expected_id} 条记录与原样不符"
    if head is not None and expected_id == head[0] and entry["hash"] != head[1]:
        return f"第 {expected_id} 条记录与末端标记不符"
    return None


def _head() -> tuple[int, str] | None:
    row = db.session.execute(
        select(AuditHead.last_id, AuditHead.last_hash).where(AuditHead.id == 1)
    ).one_or_none()
    return None if row is None else (row.last_id, row.last_hash)


def _chain_pending(session: Session) -> None:
    """Turn what was recorded in this transaction into links, in order."""
    if session.in_nested_transaction():
        return  # a savepoint that is released commits nothing yet
    pending = [entry for _, entry in session.info.pop(_PENDING, [])]
    if not pending:
        return
    session.flush()
    [[last_id, last_hash]] = _HEAD_TO_CHANGE.rows({})
    for entry in pending:
        last_id += 1
        entry["id"], entry["previous_hash"] = last_id, last_hash
        entry["hash"] = last_hash = link_hash(entry, last_hash)
        _LINK.do(entry)
    _MOVE_HEAD.do({"head_id": 1, "to_id": last_id, "to_hash": last_hash})


def _forget_pending(session: Session, undone: SessionTransaction) -> None:
    """Forget what was recorded in what is rolled back: everything, or since its savepoint."""
    if not undone.nested:
        session.info.pop(_PENDING, None)
        return
    pending = session.info.get(_PENDING, [])
    session.info[_PENDING] = [
        (savepoint, entry) for savepoint, entry in pending if not _is_within(savepoint, undone)
    ]


def _is_within(savepoint: SessionTransaction | None, undone: SessionTransaction) -> bool:
    while savepoint is not None:
        if savepoint is undone:
            return True
        savepoint = savepoint.parent
    return False


def init_app(_app: object) -> None:
    """Chain what was recorded whenever the portal's session commits."""
    factory = db.session.session_factory
    if not event.contains(factory, "before_commit", _chain_pending):
        event.listen(factory, "before_commit", _chain_pending)
        event.listen(factory, "after_soft_rollback", _forget_pending)
