"""What is done at doors: passes issued and revoked, devices let in, check-ins received."""

from portal.doors.services.passes import (
    issue_badges,
    issue_pass,
    revoke_passes,
    text_of,
)
from portal.doors.services.receiving import Sent, receive
from portal.doors.services.tokens import (
    Door,
    let_in,
    make_token,
    note_use,
    revoke_token,
)

__all__ = [
    "Door",
    "Sent",
    "issue_badges",
    "issue_pass",
    "let_in",
    "make_token",
    "note_use",
    "receive",
    "revoke_passes",
    "revoke_token",
    "text_of",
]
