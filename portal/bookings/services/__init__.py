"""Writing about bookings: ask, join, edit, decide, move, call off, note who came, forget."""

from portal.bookings.services.asking import Visit, ask, join
from portal.bookings.services.deciding import (
    approve,
    cancel,
    decline,
    forget_contacts,
    note_contact_shown,
    note_visit,
    set_rules,
)
from portal.bookings.services.editing import Facts, edit, facts_of
from portal.bookings.services.moving import move

__all__ = [
    "Facts",
    "Visit",
    "approve",
    "ask",
    "cancel",
    "decline",
    "edit",
    "facts_of",
    "forget_contacts",
    "join",
    "move",
    "note_contact_shown",
    "note_visit",
    "set_rules",
]
