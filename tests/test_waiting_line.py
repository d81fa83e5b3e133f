"""Writers to SQLite: one at a time, among threads and among processes, and not for ever."""

import multiprocessing
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal import database
from portal.database import db, write_transaction
from portal.waiting_line import WaitingLine

BRIEF = 0.05
LONG = 30.0


def test_whoever_stands_before_another_is_alone(tmp_path: Path) -> None:
    line = WaitingLine(tmp_path / "line")
    inside, most = 0, 0

    def write() -> None:
        nonlocal inside, most
        for _ in range(200):
            assert line.enter(LONG)
            inside += 1
            most = max(most, inside)
            inside -= 1
            line.leave()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == (0, 1)


def test_patience_ends_and_the_turn_goes_to_the_next(tmp_path: Path) -> None:
    line = WaitingLine(tmp_path / "line")
    assert line.enter(LONG)
    assert not line.enter(BRIEF)
    line.leave()
    assert line.enter(BRIEF)
    line.leave()


def _hold(lock_file: Path, is_held: Event, let_go: Event) -> None:
    line = WaitingLine(lock_file)
    assert line.enter(LONG)
    is_held.set()
    let_go.wait(LONG)
    line.leave()


def test_processes_wait_for_each_other(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    is_held, let_go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "line", is_held, let_go))
    other.start()
    line = WaitingLine(tmp_path / "line")
    assert is_held.wait(LONG)
    assert not line.enter(BRIEF)
    let_go.set()
    assert line.enter(LONG)
    line.leave()
    other.join(LONG)
    assert other.exitcode == 0


def test_a_process_that_dies_in_its_turn_holds_nobody_up(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    is_held, never = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path / "line", is_held, never))
    other.start()
    assert is_held.wait(LONG)
    other.kill()
    other.join(LONG)
    line = WaitingLine(tmp_path / "line")
    assert line.enter(LONG)
    line.leave()


def test_a_forked_process_waits_in_a_line_of_its_own(tmp_path: Path) -> None:
    line = WaitingLine(tmp_path / "line")
    assert line.enter(LONG)
    line.leave()  # the file is open before the fork, as in a server that forks its workers
    context = multiprocessing.get_context("fork")
    is_held, let_go = context.Event(), context.Event()

    def hold() -> None:
        assert line.enter(LONG)
        is_held.set()
        let_go.wait(LONG)
        line.leave()

    other = context.Process(target=hold)
    other.start()
    assert is_held.wait(LONG)
    assert not line.enter(BRIEF)
    let_go.set()
    other.join(LONG)
    assert other.exitcode == 0


@pytest.mark.parametrize("way_out", ["commit", "rollback", "fault"])
def test_a_transaction_gives_its_turn_away_whichever_way_it_ends(app: Flask, way_out: str) -> None:
    def change() -> None:
        with write_transaction():
            db.session.execute(text("UPDATE account SET care_level = 0"))
            if way_out == "fault":
                raise ZeroDivisionError
            if way_out == "rollback":
                db.session.rollback()

    if way_out == "fault":
        with pytest.raises(ZeroDivisionError):
            change()
    else:
        change()
    with write_transaction():
        db.session.execute(text("UPDATE account SET care_level = 0"))


def test_who_has_waited_too_long_is_told_that_the_database_is_busy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 50)
    refused: list[BaseException] = []

    def wait() -> None:
        with app.app_context():
            try:
                with write_transaction():
                    pass
            except OperationalError as error:
                refused.append(error)

    with write_transaction():
        other = threading.Thread(target=wait)
        other.start()
        other.join(LONG)
    assert len(refused) == 1
    with app.app_context(), write_transaction():
        pass
