"""Lines of a sheet as one types them, pure: "3, 7, 10-12"."""

import re

from portal.errors import InvalidInputError

_PART = re.compile(r"(\d{1,6})(?:[-–—~至到](\d{1,6}))?")
_BETWEEN = re.compile(r"[\s,，、;；.。]+")
_AROUND = re.compile(r"\s*([-–—~至到])\s*")


def line_numbers(typed: str, allowed: range) -> set[int]:
    """Return the numbers; raise InvalidInputError (field `numbers`) for what is on no line."""
    found: set[int] = set()
    for part in filter(None, _BETWEEN.split(_AROUND.sub(r"\1", typed.strip()))):
        match = _PART.fullmatch(part)
        if match is None:
            raise InvalidInputError(
                f"看不懂“{part[:20]}”。请只写序号，例如 3、7、10-12。", field="numbers"
            )
        first, last = int(match[1]), int(match[2] or match[1])
        for number in (first, last):
            if number not in allowed:
                raise InvalidInputError(
                    f"这一页的序号是 {allowed.start} 到 {allowed.stop - 1}，没有 {number}。",
                    field="numbers",
                )
        found |= set(range(min(first, last), max(first, last) + 1))
    return found
