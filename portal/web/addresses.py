"""Addresses: those that came from outside are followed only within this portal."""

from urllib.parse import urlsplit

HOME = "/"


def path_here(address: str | None) -> str:
    """Return the address if it is a path of this portal, else the home page's.

    Refused: other hosts, `//host`, backslashes and control characters (open redirects).
    """
    if not address or not address.startswith("/"):
        return HOME
    if any(character in "\\\r\n\t" or ord(character) < ord(" ") for character in address):
        return HOME
    parts = urlsplit(address)
    return HOME if parts.scheme or parts.netloc or address.startswith("//") else address
