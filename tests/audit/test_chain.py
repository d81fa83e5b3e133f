"""The chain: one link an act, nothing changed or removed unseen, never forked."""

import threading

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from tests.factories import person

COLUMNS = [
    "at",
    "actor_id",
    "actor_name",
    "action",
    "object_type",
    "object_id",
    "details",
    "address",
    "previous_hash",
    "hash",
]


def write_entries(number: int) -> None:
    who = person("记录测试")
    db.session.commit()
    for index in range(number):
        with write_transaction():
            audit.record("test.done", "Thing", actor=db.session.merge(who), number=index)


def without_triggers(*statements: str) -> None:
    """Do what only somebody with the keys of the database can do."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
            ).scalars()
            for name in list(triggers):
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))


def fault() -> str:
    db.session.rollback()
    _, found = audit.verify()
    return found.reason if found else ""


def test_a_whole_chain_holds(app: Flask, any_database: str) -> None:
    assert audit.verify() == (0, None)
    write_entries(5)
    assert audit.verify() == (5, None)


@pytest.mark.parametrize("column", COLUMNS)
def test_one_changed_byte_is_found(app: Flask, any_database: str, column: str) -> None:
    write_entries(4)
    changed = {
        "at": "'2020-01-01 00:00:00.000000'",
        "actor_id": "99",
        "hash": f"'{'0' * 64}'",
        "previous_hash": f"'{'0' * 64}'",
    }.get(column, "'x'")
    without_triggers(f"UPDATE audit_entry SET {column} = {changed} WHERE id = 2")
    count, found = audit.verify()
    assert (count, found and found.entry_id) == (1, 2)
    assert "第 2 条" in fault()


def test_a_rewritten_tail_is_found_by_the_head(app: Flask, any_database: str) -> None:
    write_entries(3)
    entry = db.session.get(AuditEntry, 3)
    assert entry is not None
    values = {column: getattr(entry, column) for column in ["id", *COLUMNS]} | {"details": "{}"}
    forged = audit.link_hash(values, entry.previous_hash)
    without_triggers(f"UPDATE audit_entry SET details = '{{}}', hash = '{forged}' WHERE id = 3")
    assert "第 3 条记录与末端标记不符" in fault()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM audit_entry WHERE id = 1", "第 1 条记录缺失"),
        ("DELETE FROM audit_entry WHERE id = 2", "第 2 条记录缺失"),
        ("DELETE FROM audit_entry WHERE id >= 4", "第 4 条起的记录被删去"),
        ("DELETE FROM audit_entry", "第 1 条起的记录被删去"),
        ("DELETE FROM audit_head", "末端标记缺失"),
        ("UPDATE audit_head SET last_id = 2", "第 3 条起的记录不是门户写入的"),
    ],
)
def test_what_was_cut_out_is_found(
    app: Flask, any_database: str, statement: str, words: str
) -> None:
    write_entries(5)
    if "last_id = 2" in statement:
        second = db.session.get(AuditEntry, 2)
        assert second is not None
        statement = f"UPDATE audit_head SET last_id = 2, last_hash = '{second.hash}'"
    without_triggers(statement)
    assert words in fault()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET details = '{}'",
        "UPDATE audit_entry SET details = '{}' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 1",
        "DELETE FROM audit_head",
    ],
)
def test_the_portals_own_connection_cannot_change_an_entry(
    app: Flask, any_database: str, statement: str
) -> None:
    write_entries(2)
    with pytest.raises(DatabaseError, match="never"):
        db.session.execute(text(statement))
    assert fault() == ""
    assert audit.verify()[0] == 2


def test_an_entry_cannot_be_replaced(app: Flask) -> None:
    write_entries(2)
    with pytest.raises(DatabaseError, match="never"):
        db.session.execute(
            text("INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 1")
        )
    assert fault() == ""


@pytest.mark.postgresql
def test_the_table_cannot_be_emptied(app: Flask, any_database: str) -> None:
    write_entries(2)
    if any_database == "sqlite":
        return
    with pytest.raises(DatabaseError, match="never"):
        db.session.execute(text("TRUNCATE audit_entry"))
    assert fault() == ""


def test_what_is_rolled_back_leaves_no_entry(app: Flask, any_database: str) -> None:
    def fail() -> None:
        with write_transaction():
            audit.record("test.done", "Thing", actor=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with write_transaction():
        audit.record("test.other", "Thing", actor=None)
    entries = db.session.query(AuditEntry).all()
    assert [entry.action for entry in entries] == ["test.other"]
    assert entries[0].actor_name == "系统"


def test_a_savepoint_that_fails_takes_its_own_entries_and_no_others(
    app: Flask, any_database: str
) -> None:
    def fail() -> None:
        with db.session.begin_nested():
            audit.record("test.inner", "Thing", actor=None)
            with db.session.begin_nested():
                audit.record("test.innermost", "Thing", actor=None)
            raise ZeroDivisionError

    with write_transaction():
        audit.record("test.before", "Thing", actor=None)
        with pytest.raises(ZeroDivisionError):
            fail()
        with db.session.begin_nested():
            audit.record("test.kept", "Thing", actor=None)
        assert db.session.scalars(select(AuditEntry)).all() == []
        audit.record("test.after", "Thing", actor=None)
    kept = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert kept == ["test.before", "test.kept", "test.after"]
    assert audit.verify() == (3, None)


def test_an_act_whose_entry_cannot_be_written_does_not_happen(app: Flask) -> None:
    without_triggers("DROP TABLE audit_entry")

    def act() -> None:
        with write_transaction():
            person("不应存在")
            audit.record("test.done", "Thing", actor=None)

    with pytest.raises(DatabaseError):
        act()
    assert db.session.execute(text("SELECT count(*) FROM person")).scalar() == 0


def test_writers_at_once_never_fork_the_chain(app: Flask, any_database: str) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        with app.app_context():
            try:
                for index in range(10):
                    with write_transaction():
                        audit.record("test.done", "Thing", actor=None, number=index)
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert audit.verify() == (60, None)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=30), max_size=3))
def test_any_details_are_kept_and_proven(app: Flask, details: dict[str, str]) -> None:
    clean = {
        key: value.replace("\x00", "")
        for key, value in details.items()
        if key.isidentifier() and key not in {"actor", "thing", "action"}
    }
    with write_transaction():
        audit.record("test.done", "Thing", actor=None, **clean)
    assert audit.verify()[1] is None
