"""Statements that are made ready: the same rows as the ordinary way, and the same refusals."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Date, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from portal.database import as_stored, db, one_of
from portal.people.models import Membership, MembershipKind, Organisation, OrganisationKind, Person
from portal.statements import Columns, Ready
from tests import factories as make

_DAY = bindparam("day", type_=Date)
_BY_NAME = Person.name == bindparam("name")

STATEMENTS: dict[str, tuple[Columns, Mapping[str, Any]]] = {
    "a parameter twice, more than it takes": (
        select(Person.name).where(or_(_BY_NAME, Person.pinyin_key == bindparam("name"))),
        {"name": "张一", "other": 1},
    ),
    "a choice of its own, read back as one": (
        select(Membership.kind, Membership.valid_from)
        .where(Membership.kind == MembershipKind.PRIMARY, Membership.valid_from <= _DAY)
        .order_by(Membership.id),
        {"day": date(2020, 1, 1)},
    ),
    "a list of its own": (
        select(Organisation.name, Organisation.kind)
        .where(Organisation.kind.in_((OrganisationKind.BRANCH, OrganisationKind.COMMUNITY)))
        .order_by(Organisation.id),
        {},
    ),
    "many numbers in one parameter": (
        select(func.count()).where(one_of(Person.id, "people")),
        {"people": [1, 2, 900_000]},
    ),
    "a page": (
        select(as_stored(Person.name)).order_by(Person.id).limit(1).offset(bindparam("skip")),
        {"skip": 1},
    ),
    "a limit of a question inside": (
        select(select(Person.name).order_by(Person.id.desc()).limit(1).scalar_subquery()),
        {},
    ),
    "a per cent sign": (select(Person.name).where(Person.name.like("张%")).order_by(Person.id), {}),
}


@pytest.fixture
def _three_people(app: Flask, any_database: str) -> None:
    branch = make.organisation("第一党支部", kind=OrganisationKind.BRANCH)
    for name in ("张一", "张二", "李三"):
        make.person(name, branch)
    db.session.commit()


@pytest.mark.usefixtures("_three_people")
@pytest.mark.parametrize("asked", STATEMENTS)
def test_rows_are_those_of_the_ordinary_way(asked: str) -> None:
    statement, parameters = STATEMENTS[asked]
    ready = Ready(statement)
    ordinary = [tuple(row) for row in db.session.execute(statement, parameters)]
    assert ordinary
    assert [tuple(row) for row in ready.rows(parameters)] == ordinary
    assert [tuple(row) for row in ready.rows(parameters)] == ordinary  # and once it is made


@pytest.mark.usefixtures("_three_people")
def test_what_the_transaction_has_written_is_seen_and_taken_back_with_it() -> None:
    ready = Ready(select(func.count()).where(_BY_NAME))
    make.person("王四")
    assert ready.rows({"name": "王四"})[0][0] == 1
    db.session.rollback()
    assert ready.rows({"name": "王四"})[0][0] == 0


def test_a_list_that_grows_with_what_is_asked_is_refused(app: Flask) -> None:
    ready = Ready(select(Person.name).where(Person.id.in_(bindparam("ids", expanding=True))))
    with pytest.raises(TypeError, match="ids"):
        ready.rows({"ids": [1]})


def test_a_parameter_that_is_left_out_is_an_error(app: Flask) -> None:
    with pytest.raises(KeyError, match="name"):
        Ready(select(Person.id).where(_BY_NAME)).rows({})


def test_the_drivers_refusal_is_told_as_sqlalchemy_tells_it(app: Flask, any_database: str) -> None:
    expected = OperationalError if any_database == "sqlite" else ProgrammingError
    with pytest.raises(expected):
        Ready(select(literal_column("no_such_column")).select_from(Person)).rows({})


@pytest.mark.postgresql
@pytest.mark.parametrize("any_database", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_is_given_up(app: Flask, any_database: str) -> None:
    ready = Ready(select(func.count()).select_from(Person))
    backend = db.session.scalar(select(func.pg_backend_pid()))
    with db.engine.connect() as other:
        other.scalar(select(func.pg_terminate_backend(backend)))
    with pytest.raises(OperationalError) as lost:
        ready.rows({})
    assert lost.value.connection_invalidated
    db.session.rollback()
    assert ready.rows({})[0][0] == 0


def test_whoever_listens_hears_of_it(
    app: Flask, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    ready = Ready(select(func.count()).select_from(Person))
    assert queries_of(lambda: ready.rows({})) == 1


def test_many_numbers_in_one_parameter_are_looked_up_in_an_index(app: Flask) -> None:
    by_number = one_of(Person.id, "ids")
    for wanted in (by_number, and_(by_number, Person.gender.is_(None))):
        text = select(Person.name).where(wanted).compile(db.engine)
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("[1]",)).all()
        assert "SEARCH person USING INTEGER PRIMARY KEY" in plan[0][-1]
