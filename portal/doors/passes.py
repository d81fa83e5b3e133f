"""The text of a pass, pure: short enough for a small QR code and for a keyboard scanner.

P, ten characters of a random serial, three of the last day, sixteen of proof: thirty capital
letters and digits (Crockford's base 32: no I, L, O, U), which a QR code of 25 x 25 modules
holds in its alphanumeric mode. Nothing in it says whose it is. The proof is the beginning
of an HMAC-SHA-256 (80 bits) under the portal's key; whether the pass was revoked, and who
bears it, is known by the hash of the text alone.
"""

import hashlib
import hmac
import secrets
from datetime import date, timedelta
from typing import NamedTuple

from portal.attendance.codes import ALPHABET

LENGTH = 30
# What is longer was never a pass.
LONGEST = 200
_MARK = "P"
_SERIAL, _DAY = 10, 3
_HEAD = len(_MARK) + _SERIAL + _DAY
_PROOF_BYTES = 10
_FIRST_DAY = date(2020, 1, 1)
_LAST_DAY = _FIRST_DAY + timedelta(days=32**_DAY - 1)
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
_SALT = b"portal.doors.passes"


class Read(NamedTuple):
    """A genuine text: what is looked up, and the last day it is good for."""

    text: str
    text_hash: str
    expires_on: date


def new_serial() -> str:
    """Return fifty random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(_SERIAL))


def written(serial: str, expires_on: date, key: str) -> str:
    """Return the text of a pass; the same from the same serial, day and key."""
    days = (min(expires_on, _LAST_DAY) - _FIRST_DAY).days
    head = _MARK + serial + _base32(days, _DAY)
    return head + _proof(head, key)


def read(presented: str, key: str) -> Read | None:
    """Return what a scanner or keyboard presented, None for what the portal never wrote.

    Case, spaces and hyphens do not matter; O is 0, I and L are 1.
    """
    if len(presented) > LONGEST:
        return None
    text = "".join(presented.split()).upper().translate(_LOOKALIKES)
    if len(text) != LENGTH or text[0] != _MARK or not set(text) <= set(ALPHABET):
        return None
    head, proof = text[:_HEAD], text[_HEAD:]
    if not hmac.compare_digest(proof, _proof(head, key)):
        return None
    days = 0
    for mark in head[-_DAY:]:
        days = days * 32 + ALPHABET.index(mark)
    return Read(text, hash_of(text), _FIRST_DAY + timedelta(days=days))


def hash_of(text: str) -> str:
    """Return the SHA-256 (hex) of a text: what a door without a network compares with."""
    return hashlib.sha256(text.encode()).hexdigest()


def grouped(text: str) -> str:
    """Return the text in groups of five, as one reads it aloud."""
    return " ".join(text[at : at + 5] for at in range(0, len(text), 5))


def _proof(head: str, key: str) -> str:
    own_key = hmac.digest(key.encode(), _SALT, hashlib.sha256)
    digest = hmac.digest(own_key, head.encode(), hashlib.sha256)
    return _base32(int.from_bytes(digest[:_PROOF_BYTES]), _PROOF_BYTES * 8 // 5)


def _base32(number: int, length: int) -> str:
    marks = ""
    for _ in range(length):
        number, rest = divmod(number, 32)
        marks = ALPHABET[rest] + marks
    return marks
