"""What is done to a roll: opened, drawn, frozen, marked, confirmed, corrected.

Whoever changes a roll holds its row until the transaction ends (on SQLite the transaction
that writes is alone anyway), so every change sees the one before it. All marks are
provisional until the roll is confirmed; afterwards there are only corrections.
"""

from portal.attendance.services.confirming import confirm
from portal.attendance.services.entering import enter_later
from portal.attendance.services.marking import (
    Marked,
    RollConfirmedError,
    mark,
    mark_rest_present,
    undo,
)
from portal.attendance.services.opening import (
    clear_for_sessions,
    is_current,
    open_roll,
    unfreeze_if_moved,
)
from portal.attendance.services.reconciling import count_heads, decide, merge_walk_in
from portal.attendance.services.recording import MOST_AT_ONCE, CheckIn, Result, record
from portal.attendance.services.sealing import broken, use_secret
from portal.attendance.services.signing_in import (
    TooManyWrongCodesError,
    check_in,
    event_of_code,
    find_event_id,
    note_wrong_code,
)
from portal.attendance.services.signing_out import (
    ask_to_sign_out,
    judge_leaving,
    may_leave_at,
    sign_out,
)
from portal.attendance.services.wall import WRONG_SHORT_CODES, set_up_wall

__all__ = [
    "MOST_AT_ONCE",
    "WRONG_SHORT_CODES",
    "CheckIn",
    "Marked",
    "Result",
    "RollConfirmedError",
    "TooManyWrongCodesError",
    "ask_to_sign_out",
    "broken",
    "check_in",
    "clear_for_sessions",
    "confirm",
    "count_heads",
    "decide",
    "enter_later",
    "event_of_code",
    "find_event_id",
    "is_current",
    "judge_leaving",
    "mark",
    "mark_rest_present",
    "may_leave_at",
    "merge_walk_in",
    "note_wrong_code",
    "open_roll",
    "record",
    "set_up_wall",
    "sign_out",
    "undo",
    "unfreeze_if_moved",
    "use_secret",
]
