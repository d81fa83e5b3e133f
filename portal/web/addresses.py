"""Addresses: those that came from outside are followed only within this portal."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import request, url_for

HOME = "/"


def address_of(endpoint: str) -> str:
    """Return the address of a page without parameters: every page says some of them."""
    return _address_of(endpoint, request.root_path)


@lru_cache(maxsize=256)
def _address_of(endpoint: str, _mounted_at: str) -> str:
    return url_for(endpoint)


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
