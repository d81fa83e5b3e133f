"""Templates of records: those that may be begun with, and those that the reader keeps."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager

from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.records import policies
from portal.records.models import RecordTemplate

# An office with more of them has no templates but a pile.
MOST_TEMPLATES = 200


def _with_organisation() -> Select[RecordTemplate]:
    return (
        select(RecordTemplate)
        .join(RecordTemplate.organisation)
        .options(contains_eager(RecordTemplate.organisation))
        .order_by(Organisation.path, RecordTemplate.name)
        .limit(MOST_TEMPLATES)
    )


def templates_for(organisation: Organisation) -> Sequence[RecordTemplate]:
    """Return what records of the organisation may begin with: its own, and of all above it."""
    return db.session.scalars(
        _with_organisation().where(Organisation.path.in_(_at_and_above(organisation.path)))
    ).all()


def templates_seen_by(person: Somebody) -> Sequence[RecordTemplate]:
    """Return the templates of the reader's own part of the tree, and those above that serve it."""
    roots = [] if is_administrator(person) else scope(person, HOSTS)
    above = {path for root in roots for path in _at_and_above(root.path)}
    wanted = _with_organisation().where(or_(in_subtrees(roots), Organisation.path.in_(above)))
    return db.session.scalars(wanted).all()


def template_kept_by(person: Somebody, template_id: int) -> RecordTemplate:
    """Return a template that the person may change; raise NotFoundError else."""
    found = db.session.scalar(_with_organisation().where(RecordTemplate.id == template_id))
    if found is None or not policies.may_keep_for(person, found.organisation):
        raise NotFoundError("没有找到这个模板，可能已被删除，或者不归您管理。")
    return found


def _at_and_above(path: str) -> list[str]:
    """Return the path and those above it: /A/B/ gives /A/ and /A/B/."""
    codes = path.strip("/").split("/")
    return [f"/{'/'.join(codes[:end])}/" for end in range(1, len(codes) + 1)]
