"""Rings once a transaction that has asked for something is over, and tells operators who waits."""

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from portal import clock
from portal.database import db
from portal.jobs import hooks, queries, queue, services
from portal.jobs.hooks import Chore
from portal.web import health


def _ring_after(session: Session, transaction: SessionTransaction) -> None:
    # What was rolled back rings as well: then a worker looks and finds nothing.
    if transaction.parent is None and session.info.pop(services.ASKED, False):
        queue.ring(current_app._get_current_object())  # type: ignore[attr-defined]


def _forsaken() -> str | None:
    count = queries.count_forsaken(clock.now())
    if not count:
        return None
    return f"有 {count} 项后台任务等了 15 分钟以上，没有后台程序在运行（portal worker）。"


def _forget_old() -> None:
    services.forget_old()


def init_app(_app: Flask) -> None:
    """Listen to transactions; keep the table small."""
    hooks.register(Chore("forget-jobs", _forget_old))
    if _forsaken not in health.concerns:
        health.concerns.append(_forsaken)
    if not event.contains(db.session, "after_transaction_end", _ring_after):
        event.listen(db.session, "after_transaction_end", _ring_after)
