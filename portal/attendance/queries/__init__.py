"""Questions about rolls: how many are where, who is on the list, who said what."""

from portal.attendance.queries.entries import (
    RollRow,
    Show,
    arrivals,
    attendance_of,
    entries,
    entry,
    events_on_whose_roll,
    find_entry,
    open_entries,
    own_entry,
    page_of_rows,
    people_of_sheet,
)
from portal.attendance.queries.marks import (
    corrections,
    find_mark,
    history,
    last_mark_by,
    mark,
    marks_together,
    people_marked_with,
    wrong_codes,
)
from portal.attendance.queries.numbers import (
    numbers,
    numbers_as_known,
    numbers_at,
    numbers_of,
)
from portal.attendance.queries.rolls import (
    Sources,
    find_roll,
    roll,
    sources,
)

__all__ = [
    "RollRow",
    "Show",
    "Sources",
    "arrivals",
    "attendance_of",
    "corrections",
    "entries",
    "entry",
    "events_on_whose_roll",
    "find_entry",
    "find_mark",
    "find_roll",
    "history",
    "last_mark_by",
    "mark",
    "marks_together",
    "numbers",
    "numbers_as_known",
    "numbers_at",
    "numbers_of",
    "open_entries",
    "own_entry",
    "page_of_rows",
    "people_marked_with",
    "people_of_sheet",
    "roll",
    "sources",
    "wrong_codes",
]
