"""What is done with lessons: written, moved through their life, put into series."""

from portal.lessons.services.attaching import attach, move_material, set_cover, take_off
from portal.lessons.services.moving import (
    archive,
    publish,
    restore,
    return_with_remark,
    submit,
    withdraw,
)
from portal.lessons.services.series import create_series, discard_series, edit_series
from portal.lessons.services.writing import (
    create,
    discard,
    edit,
    keep_draft,
    revise,
    version_to_write,
)

__all__ = [
    "archive",
    "attach",
    "create",
    "create_series",
    "discard",
    "discard_series",
    "edit",
    "edit_series",
    "keep_draft",
    "move_material",
    "publish",
    "restore",
    "return_with_remark",
    "revise",
    "set_cover",
    "submit",
    "take_off",
    "version_to_write",
    "withdraw",
]
