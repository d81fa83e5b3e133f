"""What is done with exercises: built, opened at a giving, filled in, forgotten."""

from portal.exercises.services.building import (
    add_field,
    change_field,
    create,
    discard,
    edit,
    move_field,
    remove_field,
)
from portal.exercises.services.filling import correct, enter, hand_in, settle_differences
from portal.exercises.services.running import close, delete_expired, open_run, reopen

__all__ = [
    "add_field",
    "change_field",
    "close",
    "correct",
    "create",
    "delete_expired",
    "discard",
    "edit",
    "enter",
    "hand_in",
    "move_field",
    "open_run",
    "remove_field",
    "reopen",
    "settle_differences",
]
