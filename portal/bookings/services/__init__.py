"""Writing about bookings: ask, join, decide, move, call off, note who came, forget contacts."""

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
from portal.bookings.services.moving import move

__all__ = [
    "Visit",
    "approve",
    "ask",
    "cancel",
    "decline",
    "forget_contacts",
    "join",
    "move",
    "note_contact_shown",
    "note_visit",
    "set_rules",
]
