"""Every view says who may open it."""

from flask import Flask


def test_every_view_names_its_access_level(app: Flask) -> None:
    nameless = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if not hasattr(view, "access_level")
    ]
    assert nameless == []
