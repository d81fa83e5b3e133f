"""Writing about files: keep, rename, archive, remove; sweeping. `services.uploads`: in pieces."""

from portal.materials.services.keeping import Kept, Prepared, keep, prepare, take_in
from portal.materials.services.library import (
    archive,
    note_download,
    note_opening,
    remove,
    rename,
    restore,
    set_poster,
    take_poster_off,
)
from portal.materials.services.sweeping import sweep

__all__ = [
    "Kept",
    "Prepared",
    "archive",
    "keep",
    "note_download",
    "note_opening",
    "prepare",
    "remove",
    "rename",
    "restore",
    "set_poster",
    "sweep",
    "take_in",
    "take_poster_off",
]
