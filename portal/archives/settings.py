"""Where archives lie in this portal."""

from pathlib import Path

from flask import current_app


def folder() -> Path:
    """Return the folder of archives; it is made where it is missing."""
    place = Path(current_app.instance_path) / "archives"
    place.mkdir(parents=True, exist_ok=True)
    return place
