"""Templates of events: kept, renamed, thrown away."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.events import agenda_rows
from portal.events import details as written
from portal.events.models import Event
from portal.events.series import patterns
from portal.events.series.models import EventTemplate
from portal.people.models import Person


def keep(*, event: Event, name: str, title: str, actor: Person) -> EventTemplate:
    """Keep the event as a template of its host; a name is borne once there."""
    pattern = patterns.of(written.of(event), agenda_rows.rows(event.id), title=title)
    template = EventTemplate(
        organisation=event.host,
        pattern=patterns.kept(pattern),
        created_by=actor,
        created_at=clock.now(),
    )
    _name(template, name)
    audit.record("template.create", template, actor=actor, name=name)
    return template


def rename(*, template: EventTemplate, name: str, actor: Person) -> None:
    """Give the template another name."""
    if template.name == name:
        return
    before = template.name
    _name(template, name)
    audit.record("template.rename", template, actor=actor, before=before, after=name)


def discard(*, template: EventTemplate, actor: Person) -> None:
    """Throw the template away; events that were begun from it stay."""
    audit.record("template.discard", template, actor=actor, name=template.name)
    db.session.delete(template)
    db.session.flush()


def _name(template: EventTemplate, name: str) -> None:
    """Give the name, or say that it is borne already: the unique index decides."""
    try:
        with db.session.begin_nested():
            template.name = name
            db.session.add(template)
    except IntegrityError as error:
        raise InvalidInputError("已经有一个同名的模板，请换一个名称。", field="name") from error
