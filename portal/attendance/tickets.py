"""The ticket of somebody who scanned a code and has not finished yet (signing in takes time).

It says, under the portal's key, that this browser presented this code at this moment. Whether
the code was right then is judged when it is used, so that a ticket tells nobody anything. It
stays in the browser's own cookie, and once somebody is signed in it is theirs alone.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

COOKIE = "scanned"
LASTS = timedelta(minutes=5)
# The number of a browser says nothing about whose it is: hosts are told when several people
# signed in on one phone, and a day later it is another one.
BROWSER = "phone"
BROWSER_LASTS = timedelta(days=1)
_NUMBER = re.compile(r"[0-9a-f]{16}")
_SALT = "attendance.scanned"


@dataclass(frozen=True)
class Ticket:
    """A code, when it was presented, and by whom (None: not signed in yet)."""

    code: str
    presented_at: datetime
    person_id: int | None

    def holds_for(self, code: str, person_id: int, moment: datetime) -> bool:
        """Return whether the ticket still speaks for this person and this code."""
        return (
            self.code == code
            and self.person_id in {None, person_id}
            and self.presented_at <= moment < self.presented_at + LASTS
        )


def sealed(ticket: Ticket, key: str) -> str:
    """Return the ticket as the cookie carries it."""
    seconds = ticket.presented_at.timestamp()
    return URLSafeSerializer(key, salt=_SALT).dumps([ticket.code, seconds, ticket.person_id])


def opened(cookie: str, key: str) -> Ticket | None:
    """Return the ticket in a cookie, None if it is not ours."""
    try:
        code, seconds, person_id = URLSafeSerializer(key, salt=_SALT).loads(cookie)
    except (BadSignature, ValueError, TypeError):
        return None
    return Ticket(code, datetime.fromtimestamp(seconds, UTC), person_id)


def browser_of(cookie: str) -> str:
    """Return the browser's number, a new one where it has none."""
    return cookie if _NUMBER.fullmatch(cookie) else secrets.token_hex(8)
