"""Choosing a slot: what forms that ask for one and those that move one have in common."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from portal import clock
from portal.bookings import queries
from portal.bookings.board import AROUND, Board
from portal.bookings.forms import SlotForm, is_plausible, moment
from portal.sites.models import Site
from portal.sites.uses.load import monday_of
from portal.sites.uses.slots import Slot
from portal.web.templating import render

_WEEK = timedelta(days=7)


def board_around(site: Site, day: date) -> Board:
    """Return what the site has on around a day, far enough to offer other slots."""
    monday = monday_of(day)
    return queries.board(site, monday - AROUND, monday + AROUND + _WEEK)


def day_asked(form: SlotForm) -> date:
    """Return the day that is asked for; what stands in the address is taken into the form."""
    if request.method == "GET":
        for name in ("date", "length", "room", "party_size", "start"):
            if name in request.args:
                form[name].process(request.args)
        if isinstance(form.date.data, date):
            form.date.raw_data = None
    return shown_day(form)


def shown_day(form: SlotForm) -> date:
    """Return the day whose slots are shown: the one typed, else today."""
    day = form.date.data
    return day if isinstance(day, date) and is_plausible(day) else clock.today()


def take_offer(form: SlotForm) -> None:
    """Take the slot whose button was pressed, `YYYY-MM-DD HH:MM`, in place of the one before."""
    day, _, start = request.form.get("choose", "").partition(" ")
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        return
    if moment(chosen, start) is not None:
        form.choose(chosen, start)


def slots_page(
    template: str,
    form: SlotForm,
    board: Board,
    *,
    status: int,
    but: int | None = None,
    offered: Sequence[Slot] = (),
    **context: Any,
) -> Response:
    """Show the form with the slots of its day: the slots alone when htmx asks for another day."""
    day = shown_day(form)
    size = form.party_size.data
    people = size if isinstance(size, int) and size > 0 else None
    room_id = int(form.room.data) if (form.room.data or "").isdigit() else None
    count = form.slot_count()
    return render(
        template,
        block="slots" if request.method == "GET" else None,
        status=status,
        site=board.site,
        form=form,
        board=board,
        day=day,
        slots=board.slots(day, people=people, room_id=room_id, but=but, count=count),
        count=count,
        why_shut=board.why_shut(day, room_id),
        load=board.load(day),
        people=people,
        merges=board.merges(day, people=people),
        offered=offered,
        **context,
    )


def nearest(
    form: SlotForm, board: Board, wanted: datetime, *, but: int | None = None
) -> list[Slot]:
    """Return the three free slots nearest to what was taken, in the room that was wanted."""
    room_id = int(form.room.data) if (form.room.data or "").isdigit() else None
    people, count = form.party_size.data, form.slot_count()
    found = board.nearest(wanted, people=people, room_id=room_id, but=but, count=count)
    return found or board.nearest(wanted, people=people, but=but, count=count)
