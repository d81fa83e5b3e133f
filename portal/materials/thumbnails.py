"""Small pictures of stored ones, made once and kept beside them."""

import secrets
from pathlib import Path

from portal.errors import NotFoundError
from portal.materials.judging import pictures
from portal.materials.storage import Files

SIZES = (320, 960)


def thumbnail(files: Files, digest: str, size: int) -> Path:
    """Return the path of a stored picture's thumbnail; raise NotFoundError for no such size."""
    if size not in SIZES:
        raise NotFoundError("没有这种大小的缩略图。")
    made = files.derived(digest, f"{size}.webp")
    if not made.exists():
        unfinished = made.with_name(f"{made.name}.{secrets.token_hex(4)}")
        pictures.thumbnail(files.path(digest), unfinished, size)
        unfinished.replace(made)
    return made
