"""What cases do by the clock: yellow and red marks are told once each, askers are forgotten."""

from datetime import time, timedelta

from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.cases import queries, services
from portal.cases.models import AT_WORK, Case, Mark
from portal.cases.services import telling
from portal.database import db, write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.messages.quiet_hours import is_quiet

# Who was not told of a mark by then has heard of it otherwise.
_STILL_NEWS = timedelta(days=7)


def _remind() -> None:
    now = clock.now()
    if is_quiet(now):
        return
    marked = select(Case.id).where(
        queries.IS_OPEN,
        Case.state.in_(AT_WORK),
        Case.yellow_at <= now,
        Case.red_at > now - _STILL_NEWS,
    )
    for case_id in db.session.scalars(marked).all():
        # Each in a transaction of its own: nobody waits for all of them.
        with write_transaction():
            case = queries.case(case_id)
            telling.remind(case, case.mark(now) or Mark.YELLOW)


def _forget() -> None:
    with write_transaction():
        services.forget_askers()


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(Chore("remind-of-cases", _remind, every=timedelta(minutes=30)))
    hooks.register(Chore("forget-askers", _forget, at=time(3, 50)))
