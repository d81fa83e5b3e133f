"""Questions of the home and of "me": what is on, what waits, what is kept."""

from portal.home.queries.administrators import (
    Chain,
    accounts_expiring,
    accounts_locked,
    accounts_waiting,
    chain,
    grants_ending,
)
from portal.home.queries.hosting import (
    Hosted,
    hosted,
)
from portal.home.queries.kept import (
    OwnEntry,
    around,
    cases_asked_by,
    exercise_entries_of,
    find_calendar_owner,
    invitations_of,
    sessions_of,
    signups_of,
    statements_of,
    visits_asked_by,
    whole_person,
)
from portal.home.queries.mine import (
    Appointment,
    appointments,
    calendar_of,
    open_for,
)
from portal.home.queries.record import (
    Attended,
    attended,
)

__all__ = [
    "Appointment",
    "Attended",
    "Chain",
    "Hosted",
    "OwnEntry",
    "accounts_expiring",
    "accounts_locked",
    "accounts_waiting",
    "appointments",
    "around",
    "attended",
    "calendar_of",
    "cases_asked_by",
    "chain",
    "exercise_entries_of",
    "find_calendar_owner",
    "grants_ending",
    "hosted",
    "invitations_of",
    "open_for",
    "sessions_of",
    "signups_of",
    "statements_of",
    "visits_asked_by",
    "whole_person",
]
