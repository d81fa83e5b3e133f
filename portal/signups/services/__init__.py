"""Changes to sign-ups: each asks the rules, holds the seats, writes, and says why."""

from portal.signups.services.arriving import register_arrivals
from portal.signups.services.door import WalkIn, register_guest, register_walk_in
from portal.signups.services.entering import Outcome, sign_up, sign_up_many
from portal.signups.services.leaving import LONGEST_REASON, cancel
from portal.signups.services.queue import check_capacity, follow_change, promote, promote_by_host

__all__ = [
    "LONGEST_REASON",
    "Outcome",
    "WalkIn",
    "cancel",
    "check_capacity",
    "follow_change",
    "promote",
    "promote_by_host",
    "register_arrivals",
    "register_guest",
    "register_walk_in",
    "sign_up",
    "sign_up_many",
]
