"""Rows written at once: the session knows them as if its own unit of work had written them."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal import clock
from portal.database import db
from portal.events.models import Event
from portal.people.models import Role, RoleGrant
from portal.rows import change, put, put_each
from portal.signups.models import Signup, SignupMove, SignupOrigin, SignupStatus
from tests import factories
from tests.factories import Street


@pytest.fixture
def event(app: Flask, any_database: str) -> Event:
    street = Street()
    made = factories.event(street.branch_one, street.branch, capacity=40)
    db.session.commit()
    return made


def a_signup(event: Event) -> Signup:
    return Signup(
        event_id=event.id,
        person_id=event.created_by_id,
        status=SignupStatus.CONFIRMED,
        origin=SignupOrigin.SELF,
        signed_up_by_id=event.created_by_id,
        created_at=clock.now(),
    )


def test_a_row_that_is_put_is_one_of_the_session_with_its_defaults(event: Event) -> None:
    signup = a_signup(event)
    put(signup)
    assert inspect(signup).persistent
    assert not db.session.dirty
    assert db.session.get(Signup, signup.id) is signup
    assert (signup.cancel_reason, signup.precedence, signup.party_id) == ("", 0, None)
    signup.precedence = 1
    db.session.commit()
    assert db.session.scalar(select(Signup.precedence)) == 1


def test_what_the_database_refuses_is_told_as_the_orm_tells_it(event: Event) -> None:
    put(a_signup(event))
    with pytest.raises(IntegrityError):
        put(a_signup(event))
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Signup)) == 0


def test_a_change_is_written_and_leaves_nothing_to_write(event: Event) -> None:
    signup = a_signup(event)
    put(signup)
    change(signup, status=SignupStatus.CANCELLED, cancel_reason="有事")
    assert signup.status is SignupStatus.CANCELLED
    assert not db.session.is_modified(signup)
    db.session.commit()
    db.session.expire_all()
    assert (signup.status, signup.cancel_reason) == (SignupStatus.CANCELLED, "有事")


def test_a_row_that_is_gone_is_not_changed_in_silence(event: Event) -> None:
    signup = a_signup(event)
    put(signup)
    db.session.execute(delete(Signup))
    with pytest.raises(StaleDataError):
        change(signup, precedence=1)


def test_many_rows_are_put_in_one_go(event: Event) -> None:
    signup = a_signup(event)
    put(signup)
    one = {"event_id": event.id, "signup_id": signup.id, "to_status": signup.status}
    put_each(SignupMove, [one | {"reason": words, "at": clock.now()} for words in "甲乙丙"])
    db.session.commit()
    moves = db.session.scalars(select(SignupMove).order_by(SignupMove.id)).all()
    assert [move.reason for move in moves] == ["甲", "乙", "丙"]
    assert {move.from_status for move in moves} == {None}


def test_who_keeps_a_version_is_left_to_the_orm(event: Event) -> None:
    with pytest.raises(TypeError, match="version"):
        change(event, title="改")


def test_a_change_is_taken_back_with_its_transaction(event: Event) -> None:
    grant = db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.OFFICE)).one()
    change(grant, valid_to=clock.today())
    db.session.rollback()
    assert grant.valid_to is None
