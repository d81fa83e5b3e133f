"""What staff pages send besides check-ins: ticks taken back, and names of walk-ins."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from flask import Response
from msgspec import Meta, Struct

from portal.database import db, write_transaction
from portal.doors.api.blueprint import bp
from portal.doors.api.bodies import YEARS, body_as
from portal.doors.api.letting_in import known_device, let_in, note_use
from portal.doors.api.problems import Problem
from portal.doors.offline import services
from portal.doors.services import Door
from portal.people.access import public

MOST_AT_ONCE = 100
_At = Annotated[datetime, Meta(tz=True, description="时间，RFC 3339，带时区")]


class _Moment(Struct):
    """No moment before computers."""

    client_id: Annotated[UUID, Meta(description="同一编号再发，得到同样的结果")]
    at: _At

    def __post_init__(self) -> None:
        if self.at.year not in YEARS:
            raise ValueError("at is out of range")


class WithdrawalSent(_Moment):
    """A check-in that was a mistake, by the `client_id` it was sent with."""


class WithdrawalsSent(Struct):
    """Up to 100 of them."""

    withdrawals: Annotated[list[WithdrawalSent], Meta(max_length=MOST_AT_ONCE)]


class WithdrawalResult(Struct):
    """The answer to one."""

    client_id: UUID
    outcome: Annotated[
        Literal["withdrawn", "kept", "unknown", "closed"],
        Meta(description="kept：别处也登记过此人，没有撤销；closed：名册已确认"),
    ]
    status: Annotated[str | None, Meta(description="此人现在在名册上的状态")]
    has_come: bool
    left_at: Annotated[datetime | None, Meta(description="离开的时间；没有离开时为 null")]


class WithdrawalResults(Struct):
    """The answers, in the order of what was sent."""

    results: list[WithdrawalResult]


class NameSent(_Moment, kw_only=True):
    """Somebody who came and is on no list: the host says later who it was."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    unit: Annotated[str, Meta(max_length=80)] = ""


class NamesSent(Struct):
    """Up to 100 names."""

    names: Annotated[list[NameSent], Meta(max_length=MOST_AT_ONCE)]


_WITHDRAWALS = msgspec.json.Decoder(WithdrawalsSent)
_NAMES = msgspec.json.Decoder(NamesSent)


@bp.post("/events/<int:event_id>/withdrawals")
@public
def withdraw(event_id: int) -> Response:
    """Take check-ins back that this device sent by mistake."""
    presented = _read_first()
    sent = body_as(_WITHDRAWALS).withdrawals
    with write_transaction():
        door = _writing_door(presented, event_id)
        results = services.withdraw(
            event=door.event,
            sent=[services.Withdrawal(str(one.client_id), one.at) for one in sent],
            actor=door.token.made_by,
            device=door.token.name,
        )
        used = door.token.id, door.token.last_used_at
    note_use(*used)
    told = {"results": [one._asdict() for one in results]}
    return Response(msgspec.json.encode(told), mimetype="application/json")


@bp.post("/events/<int:event_id>/names")
@public
def write_down(event_id: int) -> Response:
    """Keep the names of those who were on no list."""
    presented = _read_first()
    sent = body_as(_NAMES).names
    with write_transaction():
        door = _writing_door(presented, event_id)
        services.write_down(
            event=door.event,
            sent=[
                services.Written(str(one.client_id), one.at, one.name.strip(), one.unit.strip())
                for one in sent
            ],
            actor=door.token.made_by,
            device=door.token.name,
        )
        used = door.token.id, door.token.last_used_at
    note_use(*used)
    return Response(status=204)


def _read_first() -> str:
    presented = known_device()
    db.session.rollback()  # the question about the token is over
    return presented


def _writing_door(presented: str, event_id: int) -> Door:
    """Return the device that may name people: one that reads the roster and writes."""
    door = let_in(presented, event_id)
    if not (door.token.may_write and door.token.may_read):
        raise Problem(403, "这个令牌不能点名：要能读名册，也能登记签到。")
    return door
