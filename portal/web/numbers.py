"""Numbers in addresses: what no row can have as its id is not found, and asks no database."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter

# The largest id of an integer key on PostgreSQL.
LARGEST_ID = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` of an address; anything larger than an id is no address of the portal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(*args, **kwargs)


def init_app(app: Flask) -> None:
    """Read every `<int:…>` this way; set up before any room registers its routes."""
    app.url_map.converters["int"] = RowNumber
