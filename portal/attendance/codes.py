"""The projected code, pure: which event it belongs to, and the proof that it is today's.

A code is the event's number and a proof of six characters, in Crockford's base 32 (no I, L,
O, U). The proof is the beginning of an HMAC-SHA-256 over event and interval under the
roll's own secret: 30 bits that live for two intervals. A guess opens something with a
chance of 2 in 2^30, and ten wrong ones in ten minutes make a person wait
(`services.note_wrong_code`).
"""

import hashlib
import hmac
from datetime import datetime
from enum import Enum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PROOF_LENGTH = 6
# How far back a proof is recognised as one that has been valid, to say so.
REMEMBERED_SECONDS = 3600
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LONGEST_NUMBER = 7
# What is longer was never a code.
LONGEST = 40
# The code for small meetings: digits alone, too few for a projected code.
SHORT_LENGTH = 6


class Verdict(Enum):
    """What a proof is worth at a moment."""

    VALID = "valid"
    EXPIRED = "expired"
    WRONG = "wrong"


def new_code(secret: str, event_id: int, moment: datetime, *, seconds: int) -> str:
    """Return the code shown at that moment; it changes every `seconds`."""
    return base32(event_id) + _proof(secret, event_id, interval(moment, seconds=seconds))


def interval(moment: datetime, *, seconds: int) -> int:
    """Return the number of the interval that the moment lies in."""
    return int(moment.timestamp()) // seconds


def spoken(code: str) -> str:
    """Return the code in groups of three or four, as one reads it off a wall."""
    number, proof = code[:-PROOF_LENGTH], code[-PROOF_LENGTH:]
    return f"{number} {proof[:3]} {proof[3:]}"


def parse(typed: str) -> tuple[int, str] | None:
    """Return (event number, proof) of what was typed or scanned, None if it cannot be a code.

    Case, spaces and hyphens do not matter; O is 0, I and L are 1.
    """
    plain = "".join(typed.split()).replace("-", "").upper().translate(_LOOKALIKES)
    number, proof = plain[:-PROOF_LENGTH], plain[-PROOF_LENGTH:]
    if not 1 <= len(number) <= _LONGEST_NUMBER or any(mark not in ALPHABET for mark in plain):
        return None
    event_id = 0
    for mark in number:
        event_id = event_id * 32 + ALPHABET.index(mark)
    # Greater numbers are no key of any table.
    return (event_id, proof) if 0 < event_id < 2**31 else None


def short(typed: str) -> str | None:
    """Return the six digits of a short code, None for anything else.

    Case, spaces and hyphens do not matter; O is 0, I and L are 1.
    """
    plain = "".join(typed.split()).replace("-", "").upper().translate(_LOOKALIKES)
    return plain if len(plain) == SHORT_LENGTH and plain.isascii() and plain.isdigit() else None


def judge(secret: str, event_id: int, proof: str, moment: datetime, *, seconds: int) -> Verdict:
    """Say what a proof is worth: this interval's and the one before are valid.

    The one before is the grace for whoever looked up, typed, and pressed the button.
    """
    present = interval(moment, seconds=seconds)
    for number in (present, present - 1):
        if _same(proof, _proof(secret, event_id, number)):
            return Verdict.VALID
    oldest = present - max(2, REMEMBERED_SECONDS // seconds)
    for number in range(present - 2, oldest, -1):
        if _same(proof, _proof(secret, event_id, number)):
            return Verdict.EXPIRED
    return Verdict.WRONG


def base32(number: int) -> str:
    """Return a number in Crockford's base 32, at least two characters long."""
    marks = ""
    while number:
        number, rest = divmod(number, 32)
        marks = ALPHABET[rest] + marks
    return marks.rjust(2, ALPHABET[0])


def _proof(secret: str, event_id: int, number: int) -> str:
    message = f"{event_id}:{number}".encode()
    digest = hmac.new(secret.encode(), message, hashlib.sha256).digest()
    bits = int.from_bytes(digest[:4]) >> 2
    marks = ""
    for _ in range(PROOF_LENGTH):
        bits, rest = divmod(bits, 32)
        marks = ALPHABET[rest] + marks
    return marks


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
