"""Questions about series and templates."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.events.models import Event
from portal.events.queries import visible_to_reader, whole
from portal.events.series.models import EventSeries, EventTemplate
from portal.people.models import Organisation
from portal.people.policies import HOSTS, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.sites.models import Room


def series(series_id: int) -> EventSeries:
    """Return one series with its host; raise NotFoundError."""
    found = db.session.scalar(
        select(EventSeries).where(EventSeries.id == series_id).options(joinedload(EventSeries.host))
    )
    if found is None:
        raise NotFoundError("没有找到这个系列。")
    return found


def events_seen_by(person: Somebody, series_id: int) -> Sequence[Event]:
    """Return the events of a series that the person may see, in the order of the plan."""
    seen = visible_to_reader(person)
    wanted = select(Event).where(Event.series_id == series_id, seen.condition)
    ordered = wanted.order_by(Event.planned_at, Event.id).options(joinedload(Event.host))
    return db.session.scalars(ordered, seen.parameters).all()


def events_to_change(series_id: int) -> Sequence[Event]:
    """Return all events of a series with everything, their rows locked, in order of the plan."""
    wanted = whole().where(Event.series_id == series_id).with_for_update(of=Event)
    return db.session.scalars(wanted.order_by(Event.planned_at, Event.id)).all()


def find_room(site_id: int, room_id: int) -> Room | None:
    """Return a room of this site."""
    return db.session.scalar(select(Room).where(Room.id == room_id, Room.site_id == site_id))


def template(template_id: int) -> EventTemplate:
    """Return one template with its organisation; raise NotFoundError."""
    found = db.session.scalar(
        select(EventTemplate)
        .where(EventTemplate.id == template_id)
        .options(joinedload(EventTemplate.organisation))
    )
    if found is None:
        raise NotFoundError("没有找到这个模板，可能已被删除。")
    return found


def templates_of(person: Somebody) -> Sequence[EventTemplate]:
    """Return the templates of the person's part of the tree, and of what stands above it.

    What an office keeps is there for the branches below it to begin from.
    """
    roots = scope(person, HOSTS)
    above = {prefix for root in roots for prefix in _prefixes(root.path)}
    wanted = (
        select(EventTemplate)
        .join(EventTemplate.organisation)
        .where(in_subtrees(roots) | Organisation.path.in_(above))
        .order_by(Organisation.path, EventTemplate.name)
        .options(joinedload(EventTemplate.organisation), joinedload(EventTemplate.created_by))
    )
    return db.session.scalars(wanted).all()


def _prefixes(path: str) -> list[str]:
    """Return the paths of an organisation and of all above it: /A/, /A/B/."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[: count + 1]) + "/" for count in range(len(parts))]
