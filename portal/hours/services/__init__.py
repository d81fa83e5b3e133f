"""What is done to hours: reckoned, ruled, trained, certified."""

from portal.hours.services.certifying import issue, written_code
from portal.hours.services.keeping_rules import (
    RuleFigures,
    ThresholdFigures,
    set_rule,
    set_threshold,
)
from portal.hours.services.noting import note_counted, note_exported, note_recounted
from portal.hours.services.recounting import in_portions, preview, recount
from portal.hours.services.telling import tell_of_changes, untold
from portal.hours.services.training import (
    Details,
    DuplicateTrainingError,
    change,
    confirm,
    enter,
    refuse,
    take_back,
    title_key,
    withdraw,
)

__all__ = [
    "Details",
    "DuplicateTrainingError",
    "RuleFigures",
    "ThresholdFigures",
    "change",
    "confirm",
    "enter",
    "in_portions",
    "issue",
    "note_counted",
    "note_exported",
    "note_recounted",
    "preview",
    "recount",
    "refuse",
    "set_rule",
    "set_threshold",
    "take_back",
    "tell_of_changes",
    "title_key",
    "untold",
    "withdraw",
    "written_code",
]
