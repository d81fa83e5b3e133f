"""What the acts and things of the audit chain are called in Chinese.

One line an act: a room that records a new one adds its name in `acts`, and a test fails on an
act that has none.
"""

from portal.audit.labels.acts import ACTIONS, action_label
from portal.audit.labels.things import (
    DETAILS,
    OBJECTS,
    VALUES,
    detail_label,
    object_label,
    value_label,
)

__all__ = [
    "ACTIONS",
    "DETAILS",
    "OBJECTS",
    "VALUES",
    "action_label",
    "detail_label",
    "object_label",
    "value_label",
]
