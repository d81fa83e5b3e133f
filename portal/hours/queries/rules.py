"""Rules and thresholds: those in force at a place, and all that were ever entered there."""

from collections.abc import Sequence

from sqlalchemy import literal, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.hours.models import HourRule, HourThreshold
from portal.people.models import Organisation


def rule(rule_id: int) -> HourRule:
    """Return a rule with its organisation; raise NotFoundError."""
    found = db.session.scalar(
        select(HourRule).where(HourRule.id == rule_id).options(joinedload(HourRule.organisation))
    )
    if found is None:
        raise NotFoundError("没有这条折算规则。")
    return found


def rules_above(path: str) -> Sequence[HourRule]:
    """Return all rules that reach a place, the latest first."""
    return db.session.scalars(
        select(HourRule)
        .join(Organisation, Organisation.id == HourRule.organisation_id)
        .where(literal(path).startswith(Organisation.path))
        .order_by(HourRule.id.desc())
        .options(joinedload(HourRule.organisation), joinedload(HourRule.entered_by))
    ).all()


def thresholds_above(path: str) -> Sequence[HourThreshold]:
    """Return all thresholds that reach a place, the latest first."""
    return db.session.scalars(
        select(HourThreshold)
        .join(Organisation, Organisation.id == HourThreshold.organisation_id)
        .where(literal(path).startswith(Organisation.path))
        .order_by(HourThreshold.id.desc())
        .options(joinedload(HourThreshold.organisation), joinedload(HourThreshold.entered_by))
    ).all()
