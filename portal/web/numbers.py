"""Ids in addresses and forms: what no row can have is not found, and asks no database."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter

# The largest id of an integer key on PostgreSQL.
LARGEST_ID = 2**31 - 1


def row_number(text: str) -> int:
    """Return the id that was sent; raise ValueError for what no row can have.

    For `request.args.get(name, default, type=row_number)` and its like.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 11 and 0 < int(text) <= LARGEST_ID):
        raise ValueError(text)
    return int(text)


def row_numbers(texts: Iterable[str]) -> list[int]:
    """Return those of the ids that were sent which a row can have."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(row_number(text))
    return found


def asked_number(name: str) -> int | None:
    """Return the number in the address; None where there is none that a row can have."""
    return request.args.get(name, type=row_number)


class RowNumber(IntegerConverter):
    """`<int:…>` of an address; anything larger than an id is no address of the portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(*args, **kwargs)


def init_app(app: Flask) -> None:
    """Read every `<int:…>` this way; set up before any room registers its routes."""
    app.url_map.converters["int"] = RowNumber
