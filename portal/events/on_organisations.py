"""What events keep under the name of an organisation: the words that find those it hosts."""

from collections.abc import Sequence

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.database import db
from portal.events.models import Event
from portal.events.services import index
from portal.people import hooks
from portal.people.models import Organisation


def _index_hosted(renamed: Sequence[Organisation]) -> None:
    """Make the events of renamed hosts findable by the names these bear now."""
    hosted = (
        select(Event)
        .join(Event.host)
        .where(Event.host_id.in_([host.id for host in renamed]))
        .options(contains_eager(Event.host))
    )
    for event in db.session.scalars(hosted).all():
        index(event)


def init_app(_app: Flask) -> None:
    """Follow the names of organisations."""
    if _index_hosted not in hooks.names_changed:
        hooks.names_changed.append(_index_hosted)
