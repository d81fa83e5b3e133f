"""Changes to sign-ups: each asks the rules, holds the seats, writes, and says why."""

from portal.signups.services.approving import approve, decline
from portal.signups.services.arriving import register_arrivals
from portal.signups.services.door import (
    WalkIn,
    register_guest,
    register_walk_in,
    restore_walk_in,
    take_back_walk_in,
)
from portal.signups.services.entering import Outcome, sign_up, sign_up_many
from portal.signups.services.guests import enter_guest
from portal.signups.services.helping import grant_help, revoke_help
from portal.signups.services.leaving import cancel
from portal.signups.services.offers import accept, turn_down
from portal.signups.services.ordering import part, prefer
from portal.signups.services.questioning import (
    answer,
    copy_questions,
    forget_answers,
    set_questions,
)
from portal.signups.services.reasons import LONGEST_REASON
from portal.signups.services.refusing import refuse_invitation
from portal.signups.services.ruling import UnitWish, copy_rules, set_rules
from portal.signups.services.settling import (
    check_capacity,
    follow_change,
    promote_by_host,
    settle,
    tend,
)
from portal.signups.services.standing_in import (
    bring_guest,
    come_oneself,
    refuse_stand_in,
    send_stand_in,
)

__all__ = [
    "LONGEST_REASON",
    "Outcome",
    "UnitWish",
    "WalkIn",
    "accept",
    "answer",
    "approve",
    "bring_guest",
    "cancel",
    "check_capacity",
    "come_oneself",
    "copy_questions",
    "copy_rules",
    "decline",
    "enter_guest",
    "follow_change",
    "forget_answers",
    "grant_help",
    "part",
    "prefer",
    "promote_by_host",
    "refuse_invitation",
    "refuse_stand_in",
    "register_arrivals",
    "register_guest",
    "register_walk_in",
    "restore_walk_in",
    "revoke_help",
    "send_stand_in",
    "set_questions",
    "set_rules",
    "settle",
    "sign_up",
    "sign_up_many",
    "take_back_walk_in",
    "tend",
    "turn_down",
]
