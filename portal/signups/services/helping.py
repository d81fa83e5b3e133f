"""Saying who may sign somebody up, and taking it back: dated, and in the audit."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Person
from portal.signups.models import SignupHelper


def grant_help(*, person: Person, helper: Person, relation: str, actor: Person) -> SignupHelper:
    """Let the helper sign the person up until revoked; twice is refused, so is oneself."""
    if helper.id == person.id:
        raise InvalidInputError("本人报名不用登记，请选另一个人。", field="helper")
    row = SignupHelper(
        helper_id=helper.id,
        person_id=person.id,
        relation=relation,
        granted_by_id=actor.id,
        granted_at=clock.now(),
    )
    twice = f"{helper.name}已经可以替{person.name}报名，没有重复登记。"
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise ConflictError(twice) from error
    audit.record("signup.help_granted", person, actor=actor, helper=helper.id, relation=relation)
    return row


def revoke_help(*, row: SignupHelper, person: Person, actor: Person) -> None:
    """End it from now on; sign-ups that were made stay."""
    row.revoked_at, row.revoked_by_id = clock.now(), actor.id
    db.session.flush()
    audit.record("signup.help_revoked", person, actor=actor, helper=row.helper_id)
