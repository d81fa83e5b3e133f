"""The asker's code: sixty random bits that open one case to whoever was given it. Pure."""

import hashlib
import secrets

from portal.attendance.codes import ALPHABET

_LENGTH = 12
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a new code; only its hash is kept, so it can be shown once."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))


def spoken(code: str) -> str:
    """Return the code in groups of four, as one writes it on a slip of paper."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def hash_of(typed: str) -> str | None:
    """Return what is kept of a code that was typed; None if it cannot be one.

    Case, spaces and hyphens do not matter; O is 0, I and L are 1.
    """
    plain = "".join(typed.split()).replace("-", "").upper().translate(_LOOKALIKES)
    if len(plain) != _LENGTH or any(mark not in ALPHABET for mark in plain):
        return None
    return hashlib.sha256(plain.encode()).hexdigest()
