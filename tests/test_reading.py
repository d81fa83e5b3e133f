"""Reading without a session: one moment for the whole page, nothing overlooked, nothing kept."""

import pytest
from flask import Flask
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import OperationalError

from portal import reading
from portal.database import db, write_transaction
from portal.people.models import Person
from portal.statements import Ready
from tests import factories as make

_HOW_MANY = Ready(select(func.count()).where(Person.name == bindparam("name")))


def _how_many(name: str) -> int:
    number: int = _HOW_MANY.rows({"name": name})[0][0]
    return number


def _committed_elsewhere(name: str) -> None:
    with db.engine.begin() as other:
        keys = {"phone": "19900000000", "pinyin_key": "0", "stroke_key": "0"}
        other.execute(insert(Person).values(name=name, **keys))


def _connections_out() -> int:
    number: int = db.engine.pool.checkedout()  # type: ignore[attr-defined]
    return number


@pytest.fixture
def _nothing_begun(app: Flask, any_database: str) -> None:
    db.session.remove()


@pytest.mark.usefixtures("_nothing_begun")
def test_a_page_that_only_reads_begins_no_session(app: Flask) -> None:
    with app.test_request_context():
        assert _how_many("张一") == 0
        assert not db.session().in_transaction()
        assert _connections_out() == 1
    assert _connections_out() == 0


@pytest.mark.usefixtures("_nothing_begun")
def test_what_the_request_itself_writes_is_seen(app: Flask) -> None:
    with app.test_request_context():
        assert _how_many("张一") == 0
        make.person("张一")
        assert _how_many("张一") == 1  # it is flushed, and not committed
        db.session.rollback()
        assert _how_many("张一") == 0
        with write_transaction():
            make.person("张一")
        assert _how_many("张一") == 1


@pytest.mark.usefixtures("_nothing_begun")
def test_the_connection_goes_back_when_the_session_begins(app: Flask) -> None:
    with app.test_request_context():
        _how_many("张一")
        db.session.scalar(select(func.count()).select_from(Person))
        assert _connections_out() == 1


def test_all_that_a_page_asks_is_of_one_moment(app: Flask) -> None:
    """On SQLite; on PostgreSQL each statement sees what is committed by then, as everywhere."""
    db.session.remove()
    with app.test_request_context():
        assert _how_many("张一") == 0
        _committed_elsewhere("张一")
        assert _how_many("张一") == 0
    with app.test_request_context():
        assert _how_many("张一") == 1


@pytest.mark.usefixtures("_nothing_begun")
def test_without_a_request_the_session_is_asked(app: Flask) -> None:
    assert reading.under_way() is None
    _how_many("张一")
    assert db.session().in_transaction()


@pytest.mark.postgresql
@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_is_given_up(app: Flask, any_database: str) -> None:
    db.session.remove()
    backend = Ready(select(func.pg_backend_pid()))
    with app.test_request_context():
        number = backend.rows({})[0][0]
        with db.engine.connect() as other:
            other.scalar(select(func.pg_terminate_backend(number)))
        with pytest.raises(OperationalError) as lost:
            _how_many("张一")
        assert lost.value.connection_invalidated
    with app.test_request_context():
        assert _how_many("张一") == 0
