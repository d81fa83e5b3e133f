"""What is done at doors: passes issued and revoked, devices let in, check-ins received."""

from portal.doors.services.kiosks import (
    check_pin_patience,
    end_kiosk,
    hash_of_pin,
    live_kiosk,
    note_wrong_pin,
    shown_to_tell_apart,
    sign_in_at,
    start_kiosk,
)
from portal.doors.services.papers import (
    enter_page,
    number_of_pages,
    numbers_of_page,
    print_sheet,
)
from portal.doors.services.passes import (
    issue_badges,
    issue_pass,
    revoke_passes,
    text_of,
)
from portal.doors.services.receiving import Sent, receive
from portal.doors.services.scanning import Seen, scan, undo_scan
from portal.doors.services.tokens import (
    Door,
    let_in,
    make_token,
    note_use,
    revoke_token,
)

__all__ = [
    "Door",
    "Seen",
    "Sent",
    "check_pin_patience",
    "end_kiosk",
    "enter_page",
    "hash_of_pin",
    "issue_badges",
    "issue_pass",
    "let_in",
    "live_kiosk",
    "make_token",
    "note_use",
    "note_wrong_pin",
    "number_of_pages",
    "numbers_of_page",
    "print_sheet",
    "receive",
    "revoke_passes",
    "revoke_token",
    "scan",
    "shown_to_tell_apart",
    "sign_in_at",
    "start_kiosk",
    "text_of",
    "undo_scan",
]
