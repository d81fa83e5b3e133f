"""How the forms of records read what was typed over several lines."""

from portal.web.forms import lines, trimmed


def text_of(text: str | None) -> str:
    """Keep lines as they were typed, without what surrounds them."""
    return lines(trimmed(text))
