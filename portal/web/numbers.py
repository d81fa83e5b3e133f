"""Ids in addresses and forms: what no row can have is not found, and asks no database."""

from typing import Any

from flask import Flask
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


class RowNumber(IntegerConverter):
    """`<int:…>` of an address; anything larger than an id is no address of the portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(*args, **kwargs)


def init_app(app: Flask) -> None:
    """Read every `<int:…>` this way; set up before any room registers its routes."""
    app.url_map.converters["int"] = RowNumber
