"""Reasons that people give: needed where somebody else is concerned."""

from portal.errors import InvalidInputError

LONGEST_REASON = 120


def require_reason(reason: str, *, is_needed: bool = True) -> None:
    """Raise InvalidInputError if a reason is missing where it is needed, or is too long."""
    if is_needed and not reason:
        raise InvalidInputError("请写明原因，本人和记录里都会看到。", field="reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")
