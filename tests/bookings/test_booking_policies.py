"""Who may with a booking, as a truth table; and every move from every state."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.bookings import policies
from portal.bookings.models import Booking, BookingPhase, BookingState
from portal.bookings.states import Move, after, may_follow
from portal.database import db
from portal.errors import ConflictError
from portal.people.models import Organisation, Person, RoleGrant
from portal.sites.models import Site
from tests.bookings import worlds
from tests.factories import Street

EVERYBODY = [
    *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer"),
    *("visitor", "sysadmin", "secadmin", "auditor", "a", "b", "c", "d"),
]


@pytest.fixture
def people(app: Flask) -> dict[str, Person]:
    street = Street()
    made = worlds.site(street.shantou, street.keeper)
    db.session.commit()
    found = {
        name: db.session.scalars(
            select(Person)
            .where(Person.id == getattr(street, name).id)
            .options(selectinload(Person.grants).joinedload(RoleGrant.organisation))
        ).one()
        for name in EVERYBODY
    }
    app.extensions["scene"] = (street.branch_far.id, made.id)
    return found


def scene(app: Flask, people: dict[str, Person]) -> tuple[Booking, Booking]:
    """A visit of 海口路's branch that d asked for; one of a that asks to join it."""
    branch_id, site_id = app.extensions["scene"]
    site = db.session.scalars(
        select(Site).where(Site.id == site_id).options(selectinload(Site.organisation))
    ).one()
    host = Booking(
        id=1,
        site=site,
        asked_by_id=people["d"].id,
        organisation=db.session.get_one(Organisation, branch_id),
    )
    joining = Booking(id=2, site=site, asked_by_id=people["a"].id, joins=host, joins_id=1)
    host.joins = None
    joining.organisation = None
    db.session.expunge_all()
    return host, joining


KEEPERS = {"office", "secretary", "keeper"}
OWN = {"d", "office", "secretary2"}
TABLE = [
    (policies.may_see, KEEPERS | OWN, KEEPERS | {"a"} | OWN),
    (policies.may_change, KEEPERS | OWN, KEEPERS | {"a"}),
    (policies.may_answer, KEEPERS, KEEPERS | OWN),
    (policies.may_edit, OWN, {"a"}),
    (policies.may_see_contact, KEEPERS | OWN, KEEPERS | {"a"}),
]


@pytest.mark.parametrize(("policy", "of_visit", "of_joining"), TABLE)
def test_who_may(app: Flask, people: dict[str, Person], policy, of_visit, of_joining) -> None:
    host, joining = scene(app, people)
    assert {name for name, who in people.items() if policy(who, host)} == of_visit
    assert {name for name, who in people.items() if policy(who, joining)} == of_joining


def test_everybody_but_administrators_may_ask(app: Flask, people: dict[str, Person]) -> None:
    host, _ = scene(app, people)
    may = {name for name, who in people.items() if policies.may_ask(who, host.site)}
    assert may == set(EVERYBODY) - {"sysadmin", "secadmin", "auditor"}


LEGAL = {
    (BookingPhase.ASKED, Move.APPROVE): BookingState.APPROVED,
    (BookingPhase.ASKED, Move.DECLINE): BookingState.DECLINED,
    (BookingPhase.ASKED, Move.EDIT): BookingState.ASKED,
    (BookingPhase.APPROVED, Move.EDIT): BookingState.APPROVED,
    (BookingPhase.DUE, Move.EDIT): BookingState.APPROVED,
    (BookingPhase.ASKED, Move.MOVE): BookingState.APPROVED,
    (BookingPhase.APPROVED, Move.MOVE): BookingState.APPROVED,
    (BookingPhase.ASKED, Move.CANCEL): BookingState.CANCELLED,
    (BookingPhase.APPROVED, Move.CANCEL): BookingState.CANCELLED,
    (BookingPhase.DUE, Move.VISIT): BookingState.VISITED,
    (BookingPhase.NOT_COME, Move.VISIT): BookingState.VISITED,
    (BookingPhase.DUE, Move.MISS): BookingState.NOT_COME,
    (BookingPhase.VISITED, Move.MISS): BookingState.NOT_COME,
}


@pytest.mark.parametrize("phase", list(BookingPhase))
@pytest.mark.parametrize("move", list(Move))
def test_every_other_move_is_refused_in_words(phase: BookingPhase, move: Move) -> None:
    wanted = LEGAL.get((phase, move))
    assert may_follow(phase, move) == (wanted is not None)
    if wanted is not None:
        assert after(phase, move) is wanted
        return
    with pytest.raises(ConflictError) as refused:
        after(phase, move)
    assert move.label in refused.value.message
