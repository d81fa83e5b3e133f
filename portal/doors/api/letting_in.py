"""The way in for every request of a device: its token, how often it speaks, for which event."""

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import NoReturn

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.doors import queries, services
from portal.doors.api.blueprint import limits
from portal.doors.api.problems import Problem
from portal.doors.services import Door

_BEARER = "bearer "
_LONGEST = 200


def known_device() -> str:
    """Return the hash of the token that the request bears; the cheap question, before any other.

    Raises Problem: 401 without a live token, 429 for too many requests or too many wrong tokens.
    """
    given = request.headers.get("Authorization", "")
    if not given.lower().startswith(_BEARER) or len(given) > _LONGEST:
        _refuse("请在 Authorization 里带上令牌：Bearer 加令牌。")
    presented = hashlib.sha256(given[len(_BEARER) :].strip().encode()).hexdigest()
    if not queries.is_live(presented, clock.now()):
        _refuse("令牌不对，或者已经到期、停用。请向主办方要新的令牌。")
    _wait(limits().wait_of_token(presented))
    return presented


def let_in(presented: str, event_id: int) -> Door:
    """Return the device and its event, or raise Problem 401, ForbiddenError, NotFoundError."""
    door = services.let_in(presented_hash=presented, event_id=event_id)
    if door is None:
        _refuse("令牌刚刚到期或停用。请向主办方要新的令牌。")
    return door


def note_use(token_id: int, last_used_at: datetime | None) -> None:
    """Note that the token is in use; an answer that is ready is never lost over it."""
    with suppress(SQLAlchemyError):
        services.note_use(token_id=token_id, last_used_at=last_used_at)


def _refuse(detail: str) -> NoReturn:
    _wait(limits().wait_after_wrong(request.remote_addr or ""))
    raise Problem(401, detail, headers={"WWW-Authenticate": 'Bearer realm="door"'})


def _wait(seconds: int) -> None:
    if seconds:
        raise Problem(429, headers={"Retry-After": str(seconds)})
