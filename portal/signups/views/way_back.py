"""Where a tap leads back to: the event, or the reader's own home if it was tapped there."""

from flask import request, url_for

from portal.events.models import Event

HOME = "home"


def way_back(event: Event) -> str:
    """Return the address of the page on which the button stood."""
    if request.form.get("back") == HOME:
        return "/"
    return url_for("events.show", event_id=event.id)
