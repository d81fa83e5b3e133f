"""What an address asks of the administrators' lists. Nonsense asks for nothing."""

from datetime import date

from flask import request

from portal.web.forms import trimmed

LONGEST_SEARCH = 60
# Of days outside no moment can be made.
EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(9998, 12, 31)


def asked_words(name: str) -> str:
    """Return what was typed, without what no keyboard types, 60 characters at most."""
    return (trimmed(request.args.get(name)) or "")[:LONGEST_SEARCH]


def asked_day(name: str) -> date | None:
    """Return the day in the address, within the years that have moments."""
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return max(EARLIEST_DAY, min(day, LATEST_DAY))
