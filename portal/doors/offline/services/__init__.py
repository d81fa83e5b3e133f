"""What is done with what staff pages send; the page's own token."""

from portal.doors.offline.services.names import Written, dismiss, settle, settle_guest, write_down
from portal.doors.offline.services.preparing import Prepared, prepare
from portal.doors.offline.services.withdrawing import Withdrawal, Withdrawn, withdraw

__all__ = [
    "Prepared",
    "Withdrawal",
    "Withdrawn",
    "Written",
    "dismiss",
    "prepare",
    "settle",
    "settle_guest",
    "withdraw",
    "write_down",
]
