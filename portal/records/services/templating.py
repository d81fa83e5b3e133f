"""Keeping templates of records."""

from collections.abc import Mapping

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ForbiddenError, InvalidInputError
from portal.people.models import Organisation, Person
from portal.records import policies
from portal.records.models import RecordTemplate

PARTS = ("agenda", "reported", "discussion", "conclusion")


def keep_template(
    *,
    template: RecordTemplate | None,
    organisation: Organisation,
    name: str,
    parts: Mapping[str, str],
    actor: Person,
) -> RecordTemplate:
    """Keep a template for an organisation, a new one where there is none yet.

    Records that began with it stay as they are. InvalidInputError where it is empty or its name
    is taken there.
    """
    if not policies.may_keep_for(actor, organisation):
        raise ForbiddenError("只能给自己负责的组织存模板。")
    if not any(parts[part] for part in PARTS):
        raise InvalidInputError("模板还是空的，请至少写一个部分。", field="reported")
    taken = select(RecordTemplate.id).where(
        RecordTemplate.organisation_id == organisation.id, RecordTemplate.name == name
    )
    if template is not None:
        taken = taken.where(RecordTemplate.id != template.id)
    if db.session.scalar(taken) is not None:
        raise InvalidInputError("这个组织已经有同名的模板，请换一个名称。", field="name")
    if template is None:
        template = RecordTemplate()
        db.session.add(template)
    template.organisation, template.name = organisation, name
    for part in PARTS:
        setattr(template, part, parts[part])
    template.kept_by_id, template.kept_at = actor.id, clock.now()
    db.session.flush()
    audit.record("record.template_kept", template, actor=actor, name=name)
    return template


def remove_template(*, template: RecordTemplate, actor: Person) -> None:
    """Remove a template; what was begun with it stays."""
    audit.record("record.template_removed", template, actor=actor, name=template.name)
    db.session.delete(template)
    db.session.flush()
