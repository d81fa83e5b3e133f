"""What feedback adds to the event page: the reader's quiet card, and the hosts' tab."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy import exists

from portal import clock
from portal.events import hooks
from portal.events.models import Event
from portal.feedback import policies, queries
from portal.feedback.models import EventFeedback
from portal.people.readers import Somebody


def _own_panel(event: Event, reader: Somebody) -> Mapping[str, object] | None:
    """Who was there is asked quietly, as long as the questionnaire is open."""
    now = clock.now()
    if not policies.can_be_asked_about(event) or event.starts_at > now:
        return None
    standing = queries.standing(event, reader)
    if standing is None or not standing.feedback.is_open(event, now):
        return None
    if not policies.may_answer(event, has_come=standing.has_come):
        return None
    return {"standing": standing, "closes_at": standing.feedback.closes_at(event)}


_IS_ASKED = exists().where(EventFeedback.event_id == Event.id)
_PANEL = hooks.Panel("feedback/own_panel.html", "side", _own_panel, sign=_IS_ASKED)
_TAB = hooks.Tab("反馈", "feedback.results", policies.may_open_tab)


def init_app(_app: Flask) -> None:
    """Take part in the pages of events."""
    if _PANEL in hooks.panels:
        return
    hooks.panels.append(_PANEL)
    hooks.tabs.append(_TAB)
