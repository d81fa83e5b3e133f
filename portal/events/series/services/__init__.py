"""Series: made from one event, changed from one event on, published and ended together."""

from portal.events.series.services.changing import (
    FIELDS,
    Changed,
    cancel_following,
    change_following,
    following,
    title_to_type,
)
from portal.events.series.services.making import make, planned, publish

__all__ = [
    "FIELDS",
    "Changed",
    "cancel_following",
    "change_following",
    "following",
    "make",
    "planned",
    "publish",
    "title_to_type",
]
