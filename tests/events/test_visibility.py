"""Who sees which event: the truth table, in Python and in SQL, on both databases."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.errors import NotFoundError
from portal.events import hooks, policies, queries
from portal.events.models import Audience, Event, EventDueOrganisation, EventInvitation, EventState
from portal.people.models import Membership, Person, Role
from portal.people.queries import find_acting
from tests import factories
from tests.factories import Street
from tests.page import Browser

HOSTS = {"office", "secretary"}
BRANCH_HOSTS = HOSTS | {"branch", "recorder"}
ADMINISTRATORS = {"sysadmin", "secadmin", "auditor"}
EVERYBODY = {
    *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer", "visitor"),
    *("a", "b", "c", "d"),
}
# all who belong to branch one; those of 汕头路 are these and c
BRANCH_ONE = {"office", "secretary", "branch", "recorder", "keeper", "a", "b"}

# (host, state, audience, due or invited) -> who sees it
TABLE: list[tuple[str, EventState, Audience, list[str], set[str]]] = [
    ("shantou", EventState.DRAFT, Audience.OPEN, [], HOSTS),
    ("branch_one", EventState.DRAFT, Audience.OPEN, [], BRANCH_HOSTS),
    ("branch_two", EventState.DRAFT, Audience.OPEN, [], HOSTS),
    ("haikou", EventState.DRAFT, Audience.OPEN, [], {"office", "secretary2"}),
    ("shantou", EventState.PUBLISHED, Audience.OPEN, [], EVERYBODY),
    ("shantou", EventState.CANCELLED, Audience.OPEN, [], EVERYBODY),
    ("shantou", EventState.POSTPONED, Audience.OPEN, [], EVERYBODY),
    ("shantou", EventState.ARCHIVED, Audience.OPEN, [], EVERYBODY),
    ("shantou", EventState.PUBLISHED, Audience.DUE, ["branch_one"], BRANCH_ONE),
    ("shantou", EventState.PUBLISHED, Audience.DUE, ["branch_two"], HOSTS | {"c"}),
    ("shantou", EventState.PUBLISHED, Audience.DUE, ["shantou"], BRANCH_ONE | {"c"}),
    ("haikou", EventState.PUBLISHED, Audience.DUE, ["shantou"], BRANCH_ONE | {"c", "secretary2"}),
    ("shantou", EventState.DRAFT, Audience.DUE, ["branch_two"], HOSTS),
    ("shantou", EventState.PUBLISHED, Audience.INVITED, [], HOSTS),
    ("shantou", EventState.PUBLISHED, Audience.INVITED, ["d", "visitor"], HOSTS | {"d", "visitor"}),
    ("shantou", EventState.DRAFT, Audience.INVITED, ["d"], HOSTS),
    ("haikou", EventState.RECORDED, Audience.INVITED, ["a"], {"office", "secretary2", "a"}),
]


def make(street: Street, row: tuple[str, EventState, Audience, list[str], set[str]]) -> Event:
    host, state, audience, meant, _ = row
    event = factories.event(getattr(street, host), street.office, state=state, audience=audience)
    for name in meant:
        thing: Any = getattr(street, name)
        if audience is Audience.DUE:
            db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=thing.id))
        else:
            db.session.add(
                EventInvitation(
                    event_id=event.id,
                    person_id=thing.id,
                    invited_by_id=street.office.id,
                    invited_at=event.created_at,
                )
            )
    factories.commit()
    return event


def reader(person: Person) -> Person:
    """The person as a session loads one: with grants and their organisations."""
    db.session.commit()
    found = find_acting(person.id)
    assert found is not None
    return found


def test_the_table_holds_in_python_and_in_sql(app: Flask, any_database: str) -> None:
    street = Street()
    events = [(make(street, row), row[4]) for row in TABLE]
    for name in sorted(EVERYBODY | ADMINISTRATORS):
        person = reader(getattr(street, name))
        for made, seers in events:
            event = queries.event(made.id)
            label = f"{name}: {event.state} {event.audience} of {event.host.name}"
            expected = name in seers
            is_meant = queries.is_meant(person, event)
            assert policies.may_see(person, event, is_meant=is_meant) == expected, label
            if expected:
                assert queries.event_seen_by(person, event.id).id == event.id, label
            else:
                with pytest.raises(NotFoundError):
                    queries.event_seen_by(person, event.id)
            assert policies.may_edit(person, event) == (
                name in {"office", *_hosts_of(street, event)}
            ), label


def _hosts_of(street: Street, event: Event) -> set[str]:
    hosts = set()
    if event.host.is_within(street.shantou):
        hosts.add("secretary")
    if event.host.is_within(street.branch_one):
        hosts |= {"branch", "recorder"}
    if event.host.is_within(street.haikou):
        hosts.add("secretary2")
    return hosts


def test_only_hosts_may_create(app: Flask) -> None:
    street = Street()
    may = {n for n in EVERYBODY | ADMINISTRATORS if policies.may_create(reader(getattr(street, n)))}
    assert may == {"office", "secretary", "secretary2", "branch", "recorder"}


def test_an_administrator_with_another_duty_sees_no_event(app: Flask) -> None:
    street = Street()
    factories.grant(street.auditor, Role.OFFICE, street.street)
    event = factories.event(street.shantou, street.office)
    factories.commit()
    auditor = reader(street.auditor)
    assert not policies.may_create(auditor)
    with pytest.raises(NotFoundError):
        queries.event_seen_by(auditor, event.id)


def test_membership_that_has_ended_calls_nobody(app: Flask, any_database: str) -> None:
    street = Street()
    event = make(street, ("haikou", EventState.PUBLISHED, Audience.DUE, ["branch_two"], set()))
    person = reader(street.c)
    assert queries.is_meant(person, event)
    db.session.query(Membership).filter_by(person_id=street.c.id).update(
        {"valid_to": date(2021, 1, 1)}
    )
    db.session.commit()
    assert not queries.is_meant(person, event)


def test_whoever_stands_on_a_list_above_sees_the_event(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    street = Street()
    event = make(street, ("shantou", EventState.PUBLISHED, Audience.INVITED, [], set()))
    person = reader(street.d)
    assert not queries.is_meant(person, event)
    listed = db.select(Event.id).where(Event.id == event.id)
    monkeypatch.setattr(hooks, "lists_of", [lambda _person: listed])
    assert queries.is_meant(person, event)


def test_what_must_not_be_known_is_not_found(browser: Browser) -> None:
    street = Street()
    draft = factories.event(street.haikou, street.secretary2, state=EventState.DRAFT)
    browser.sign_in("secretary")
    for path in ("", "/edit", ".ics", "/postpone", "/cancel", "/invitations"):
        page = browser.get(f"/events/{draft.id}{path}")
        assert page.status == 404
        assert "没有找到" in page.alert
        assert draft.title not in page.html


def test_seen_but_not_hosted_is_forbidden(browser: Browser) -> None:
    street = Street()
    event = factories.event(street.haikou, street.secretary2)
    browser.sign_in("secretary")
    for path in ("edit", "postpone", "cancel", "invitations"):
        assert browser.get(f"/events/{event.id}/{path}").status == 403


@pytest.mark.parametrize("name", ["a", "keeper", "branch", "secretary2"])
def test_nobody_else_moves_an_event(browser: Browser, name: str) -> None:
    street = Street()
    event = factories.event(street.shantou, street.secretary)
    browser.sign_in(name)
    for path in ("publish", "copy", "end", "archive", "cancel", "discard", "postpone", "edit"):
        page = browser.post(f"/events/{event.id}/{path}")
        assert page.status == 403
        assert "主办" in page.alert
    assert db.session.scalars(db.select(Event)).one().state is EventState.PUBLISHED
