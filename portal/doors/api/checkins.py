"""Check-ins, up to 500 at a time: each answered, the same number again answered the same."""

import msgspec
from flask import Response, current_app

from portal.attendance.views.hosting import timing
from portal.database import db, write_transaction
from portal.doors import services
from portal.doors.api.blueprint import bp
from portal.doors.api.bodies import batch_result, batch_sent
from portal.doors.api.letting_in import known_device, let_in, note_use
from portal.doors.api.problems import Problem
from portal.people.access import public


@bp.post("/events/<int:event_id>/checkins")
@public
def check_in(event_id: int) -> Response:
    """Record what the device saw.

    What it sends is read before the transaction that writes begins: a slow device keeps
    nobody waiting.
    """
    presented = known_device()
    db.session.rollback()  # the question about the token is over
    sent = batch_sent()
    with write_transaction():
        door = let_in(presented, event_id)
        if not door.token.may_write:
            raise Problem(403, "这个令牌不能登记签到。")
        if not door.token.may_read and any(one.presented is None for one in sent):
            raise Problem(403, "这个令牌不能读名册，只能用签到凭证（pass）签到，不能用 person_id。")
        results = services.receive(
            event=door.event,
            sent=sent,
            actor=door.token.made_by,
            device=door.token.name,
            key=str(current_app.config["SECRET_KEY"]),
            timing=timing(),
        )
        used = door.token.id, door.token.last_used_at
    note_use(*used)
    return Response(msgspec.json.encode(batch_result(results)), mimetype="application/json")
