"""The address at which calendar programs read somebody's calendar.

The address is a number and a proof. The number is kept with the account; the proof is an
HMAC of it under the portal's key and is kept nowhere, so a copy of the database opens no
calendar, and the owner can be shown the address again. Replacing or removing the number
shuts the old address at once.
"""

import hashlib
import hmac
import secrets

from portal import clock
from portal.audit import services as audit
from portal.errors import ConflictError
from portal.home import queries
from portal.people.models import Account

_PURPOSE = b"portal calendar address"
_NUMBER_BYTES = 12


def open_calendar(*, account: Account, actor: audit.Acting) -> None:
    """Give the account's calendar an address; a former one stops working."""
    replaces = account.calendar_token is not None
    account.calendar_token = secrets.token_hex(_NUMBER_BYTES)
    audit.record("calendar.opened", account, actor=actor, replaces=replaces)


def close_calendar(*, account: Account, actor: audit.Acting) -> None:
    """Take the address away; raise ConflictError when there is none."""
    if account.calendar_token is None:
        raise ConflictError("您没有开通日历订阅地址，不用停用。")
    account.calendar_token = None
    audit.record("calendar.closed", account, actor=actor)


def calendar_key(account: Account, *, secret: str) -> str | None:
    """Return number and proof of the account's calendar address, None without one."""
    number = account.calendar_token
    return None if number is None else f"{number}-{_proof(number, secret)}"


def calendar_owner(key: str, *, secret: str) -> Account | None:
    """Return the account whose calendar a key opens, with person and grants; None if none.

    The account has to be in use: shut, expired or waiting ones show nothing.
    """
    number, _, proof = key.partition("-")
    if not hmac.compare_digest(proof.encode(), _proof(number, secret).encode()):
        return None
    account = queries.find_calendar_owner(number)
    if account is None or not account.is_active or account.confirmed_at is None:
        return None
    return None if account.is_expired_on(clock.today()) else account


def _proof(number: str, secret: str) -> str:
    message = _PURPOSE + b":" + number.encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:40]
