"""The audit chain, for the auditor: read, filter, take away, and prove."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import datetime

from flask import current_app, flash, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.admin.views.asking import asked_day, asked_words
from portal.admin.views.blueprint import bp
from portal.audit import labels, queries, services
from portal.audit.models import AuditEntry
from portal.audit.queries import VERIFIED, WantedEntries
from portal.database import db, write_transaction
from portal.people.access import allowed, current_person, current_reader
from portal.people.policies import may_read_audit
from portal.people.queries import ids_named
from portal.web.numbers import asked_number
from portal.web.templating import render

_HEADER = (
    "编号",
    "时间（北京时间）",
    "操作人",
    "做了什么",
    "对象",
    "对象编号",
    "详情",
    "来自地址",
    "链值",
)
# Of these a change notes what they were and what they are.
CHANGED = frozenset({"title", "starts_at", "ends_at", "place", "capacity", "audience"})
# What a spreadsheet would take for a formula (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/audit")
@allowed(may_read_audit)
def audit() -> Response:
    """Entries, the newest first; the filters are in the address."""
    wanted = _wanted()
    found = queries.entries(wanted, before=asked_number("before"))
    return render(
        "admin/audit.html",
        block="results",
        entries=found,
        details={entry.id: _details(entry) for entry in found.rows},
        wanted=wanted,
        actions=labels.ACTIONS,
        objects=labels.OBJECTS,
        labels=labels,
        last_verified=_last_verified(),
    )


@bp.post("/audit/verify")
@allowed(may_read_audit)
def verify_audit() -> Response:
    """Walk the whole chain now and note the result in it."""
    count, fault = services.verify()
    with write_transaction():
        services.record(
            VERIFIED,
            "AuditEntry",
            actor=current_person(),
            count=count,
            fault=fault.reason if fault else "",
        )
    if fault is None:
        flash(f"审计记录链完整，共核对 {count} 条。")
    return redirect(url_for("admin.audit"))


@bp.get("/audit.csv")
@allowed(may_read_audit)
def export_audit() -> Response:
    """The entries of the same filters as .csv for a spreadsheet; the taking is noted first."""
    wanted = _wanted()
    with write_transaction():
        services.record(
            "audit.exported", "AuditEntry", actor=current_person(), filters=_filters_in_words()
        )
    exporter = current_reader().name
    response = current_app.response_class(
        stream_with_context(_lines(wanted, exporter)), mimetype="text/csv; charset=utf-8"
    )
    name = f"audit-{clock.local(clock.now()):%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _wanted() -> WantedEntries:
    who = asked_words("who")
    return WantedEntries(
        who=who,
        actor_ids=ids_named(who) if who and who != "系统" else (),
        action=asked_words("action"),
        object_type=asked_words("object"),
        object_id=asked_words("number"),
        since=asked_day("since"),
        until=asked_day("until"),
    )


def _filters_in_words() -> str:
    return "、".join(f"{name}={value}" for name, value in request.args.items() if value)[:200]


def _last_verified() -> dict[str, object] | None:
    entry = queries.last_verified()
    if entry is None:
        return None
    return {"at": entry.at, "by": entry.actor_name, **json.loads(entry.details)}


def _details(entry: AuditEntry) -> list[tuple[str, str]]:
    """Return the details of an act as label and value; empty ones are left out."""
    known = json.loads(entry.details)
    return [
        (labels.detail_label(name), _told(name, value))
        for name, value in known.items()
        if value not in (None, "", [], {})
    ]


def _told(name: str, value: object) -> str:
    """Return a detail in words; `fields` are names of details, a pair is old and new."""
    if name == "fields" and isinstance(value, list):
        return "、".join(labels.detail_label(str(part)) for part in value)
    if name in CHANGED and isinstance(value, list):
        return " → ".join(_in_words(part) for part in value)
    return _in_words(value)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        pairs = (f"{labels.detail_label(name)} {_in_words(part)}" for name, part in value.items())
        return "，".join(pairs)
    if isinstance(value, list):
        return "、".join(_in_words(part) for part in value)
    if value in (None, "None"):
        return "无"
    return _moment(str(value)) or labels.value_label(str(value))


def _moment(text: str) -> str:
    """Return a moment on China's clock; nothing for any other text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{clock.local(moment):%Y-%m-%d %H:%M}" if moment.tzinfo is not None else ""


def _lines(wanted: WantedEntries, exporter: str) -> Iterator[str]:
    yield "\ufeff" + _line(_HEADER)
    for entry in queries.all_entries(wanted):
        details = "；".join(f"{label}：{value}" for label, value in _details(entry))
        moment = clock.local(entry.at).strftime("%Y-%m-%d %H:%M:%S")
        yield _line(
            (
                str(entry.id),
                moment,
                entry.actor_name,
                labels.action_label(entry.action),
                labels.object_label(entry.object_type),
                entry.object_id,
                details,
                entry.address,
                entry.hash,
            )
        )
        db.session.expunge(entry)
    yield _line((f"导出人：{exporter}，{clock.local(clock.now()):%Y-%m-%d %H:%M}",))


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)
    return text.getvalue()
