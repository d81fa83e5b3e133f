"""Sheets of paper: who stood on which line is kept when one is printed, and entered by that."""

from collections.abc import Collection

from sqlalchemy import insert

from portal import clock
from portal.attendance import queries as attendance
from portal.attendance import services as rolls
from portal.attendance.rules import Timing
from portal.attendance.sheet import ROWS_A_PAGE
from portal.audit import services as audit
from portal.database import db
from portal.doors import queries
from portal.doors.models import PaperEntry, PrintedRow, PrintedSheet
from portal.doors.page_codes import LAST_PAGE
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.events.models import Event
from portal.materials import services as materials
from portal.people.models import Person


def numbers_of_page(page: int) -> range:
    """Return the numbers of the lines on a page."""
    first = (page - 1) * ROWS_A_PAGE + 1
    return range(first, first + ROWS_A_PAGE)


def number_of_pages(lines: int) -> int:
    """Return how many pages have somebody on them."""
    return -(-lines // ROWS_A_PAGE)


def print_sheet(*, event: Event, actor: Person) -> PrintedSheet:
    """Keep who stands on which line, as the roll is now.

    Raises ConflictError for a roll with nobody on it, or with more than fit on any paper.
    """
    roll = rolls.open_roll(event=event, actor=actor)
    people = list(db.session.scalars(attendance.entries(event.id)))
    if not people:
        raise ConflictError("名册上还没有人，印不出签到表。")
    if number_of_pages(len(people)) > LAST_PAGE:
        raise ConflictError(f"签到表最多 {LAST_PAGE} 页，这次活动请用扫码或自助签到。")
    made = PrintedSheet(
        event_id=event.id,
        revision=roll.revision,
        printed_at=clock.now(),
        printed_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    db.session.execute(
        insert(PrintedRow),
        [
            {"sheet_id": made.id, "number": number, "person_id": entry.person_id}
            for number, entry in enumerate(people, start=1)
        ],
    )
    audit.record("paper.printed", made, actor=actor, event=event.id, people=len(people))
    return made


def enter_page(
    *,
    event: Event,
    sheet_id: int,
    page: int,
    numbers: Collection[int],
    is_all_but: bool,
    reason: str,
    prepared: materials.Prepared | None,
    actor: Person,
    timing: Timing,
) -> int:
    """Mark present who has signed on a page of paper; return how many that changed.

    `numbers` are the lines with a signature or, with `is_all_but`, those without one. The
    marks are entered later: the server's time, the reason, no time of arrival. The scan is
    kept with the host's materials. Raises InvalidInputError where nobody is left.
    """
    sheet = queries.printed_sheet(sheet_id, event_id=event.id)
    lines = queries.lines(sheet, numbers_of_page(page))
    if not lines:
        raise NotFoundError("这份签到表没有这一页。")
    signed = [line for line in lines if (line.number in numbers) is not is_all_but]
    if not signed:
        raise InvalidInputError("没有选出任何人。请勾选签了名的人，或者写序号。", field="numbers")
    count = rolls.enter_later(
        event=event,
        people=[line.person_id for line in signed if line.entry is not None],
        reason=reason,
        actor=actor,
        timing=timing,
    )
    scan = None
    if prepared is not None:
        kept = materials.take_in(
            prepared=prepared,
            owner=event.host,
            actor=actor,
            title=f"{event.title[:60]} 签到表第 {page} 页",
        )
        scan = kept.material.id
    made = PaperEntry(
        sheet_id=sheet.id,
        page=page,
        people=count,
        reason=reason,
        material_id=scan,
        entered_at=clock.now(),
        entered_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "paper.entered",
        made,
        actor=actor,
        event=event.id,
        page=page,
        people=count,
        reason=reason,
        material=scan,
    )
    return count
