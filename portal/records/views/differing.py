"""Two people wrote into one field: what a page shows of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """What stands there now, and what was typed."""

    name: str
    label: str
    now: str
    typed: str
