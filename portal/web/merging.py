"""Two people edit one thing: what changed while a form was open. Pure.

The form carries a short digest of each value as it was when the page was made. From it, the
values now and the values typed it follows who changed what, without keeping old versions.
"""

import hashlib
from collections.abc import Mapping

_DIGITS = 8


def seen(values: Mapping[str, str]) -> str:
    """Return what the form carries: `name=digest` for each value, with a space between."""
    return " ".join(f"{name}={_digest(value)}" for name, value in values.items())


def changed_since(carried: str, now: Mapping[str, str]) -> set[str]:
    """Return the names of the values that are no longer as the form saw them."""
    then = dict(part.split("=", 1) for part in carried.split() if "=" in part)
    return {name for name, value in now.items() if name in then and then[name] != _digest(value)}


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:_DIGITS]
