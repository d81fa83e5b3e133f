"""Entities told from plain rows say what loaded ones say, and are never loaded further."""

from unittest import mock

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.orm import aliased
from sqlalchemy.orm.exc import DetachedInstanceError
from sqlalchemy.sql.base import WriteableColumnCollection

from portal.database import alias_of, db
from portal.events.models import Event, EventState
from portal.people.models import Organisation, Person
from portal.sites.models import Site
from portal.statements import Ready
from portal.told import Told
from tests import factories
from tests.factories import Street

EVENT = Told(
    Event,
    is_first=True,
    host=Told(Organisation),
    created_by=Told(Person, only=("id", "name")),
    site=Told(Site),
)


def an_event() -> Event:
    street = Street()
    made = factories.event(street.branch_one, street.branch, capacity=40)
    db.session.commit()
    return made


def told(event_id: int) -> Event:
    host, author, site = (one.table for one in EVENT.related.values())
    wanted = (
        select(*EVENT.columns)
        .join(host, host.id == Event.host_id)
        .join(author, author.id == Event.created_by_id)
        .outerjoin(site, site.id == Event.site_id)
        .where(Event.id == event_id)
    )
    return EVENT.read(tuple(Ready(wanted).rows({})[0]))


def test_what_is_told_is_what_is_loaded(app: Flask, any_database: str) -> None:
    event = an_event()
    read = told(event.id)
    loaded = db.session.get_one(Event, event.id)
    for name in (one.key for one in inspect(Event).column_attrs):
        assert getattr(read, name) == getattr(loaded, name), name
    host = db.session.get_one(Organisation, loaded.host_id)
    assert (read.host.id, read.host.path, read.host.kind) == (host.id, host.path, host.kind)
    assert read.site is None
    assert inspect(read).detached


def test_it_is_the_same_one_for_as_long_as_its_row_says_the_same(app: Flask) -> None:
    event = an_event()
    first = told(event.id)
    assert told(event.id) is first
    event.state = EventState.CANCELLED
    db.session.commit()
    second = told(event.id)
    assert (first.state, second.state) == (EventState.PUBLISHED, EventState.CANCELLED)
    assert second.host is first.host  # that one says what it said


def test_what_was_not_asked_for_is_an_error(app: Flask) -> None:
    event = an_event()
    read = told(event.id)
    with pytest.raises(DetachedInstanceError):
        _ = read.created_by.phone
    with pytest.raises(DetachedInstanceError):
        _ = read.room


def test_an_alias_that_threads_share_knows_its_columns_before_they_ask(app: Flask) -> None:
    whole, name = WriteableColumnCollection, "_init_proxy_index"
    original = getattr(whole, name)
    with mock.patch.object(whole, name, autospec=True, side_effect=original) as looked_for:
        shared, raw = alias_of(Person), aliased(Person)
        looked_for.reset_mock()
        assert "person_1.name" in str(select(shared.name))
        looked_for.assert_not_called()
        str(select(raw.name))
        looked_for.assert_called()  # else the test would notice nothing
