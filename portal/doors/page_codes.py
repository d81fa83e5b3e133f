"""The code on each page of a printed sheet, pure: which sheet, which page, and a check.

All in Crockford's base 32: the sheet's number, two characters of the page, one to notice a
slip of the pen. It is no secret: only hosts of the event enter pages.
"""

import hashlib

from portal.attendance.codes import ALPHABET, base32

_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PAGE = 2
LAST_PAGE = 32**_PAGE - 1
_LONGEST = 12


def page_code(sheet_id: int, page: int) -> str:
    """Return the code of a page as it is printed: 0C 01 X."""
    return f"{base32(sheet_id)} {base32(page)} {_check(sheet_id, page)}"


def read_page_code(typed: str) -> tuple[int, int] | None:
    """Return (sheet, page) of what was typed; None for a slip.

    Case, spaces and hyphens do not matter; O is 0, I and L are 1.
    """
    plain = "".join(typed.split()).replace("-", "").upper().translate(_LOOKALIKES)
    if not _PAGE + 2 <= len(plain) <= _LONGEST or any(mark not in ALPHABET for mark in plain):
        return None
    sheet_id, page = _number(plain[: -_PAGE - 1]), _number(plain[-_PAGE - 1 : -1])
    is_right = 0 < sheet_id < 2**31 and page > 0 and _check(sheet_id, page) == plain[-1]
    return (sheet_id, page) if is_right else None


def _number(marks: str) -> int:
    number = 0
    for mark in marks:
        number = number * 32 + ALPHABET.index(mark)
    return number


def _check(sheet_id: int, page: int) -> str:
    return ALPHABET[hashlib.sha256(f"{sheet_id}:{page}".encode()).digest()[0] % 32]
