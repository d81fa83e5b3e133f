"""The table of jobs: asked once, taken on once, tried again, never lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.database import db, write_transaction
from portal.errors import ConflictError
from portal.jobs import hooks, queries, queue, services
from portal.jobs.hooks import Chore, HopelessError, Kind, StoppedError, Work
from portal.jobs.models import Job, JobState
from portal.jobs.running import run_next
from portal.jobs.worker import Worker
from tests.commands import ROOT
from tests.page import Browser

_LOADED = """
import sys
from portal import create_app
create_app(PORTAL_ENV="test", PORTAL_SECRET_KEY="only-for-tests")
print(*sys.modules)
"""
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only what a test registers is known to its workers."""
    monkeypatch.setattr(hooks, "kinds", {})
    monkeypatch.setattr(hooks, "chores", {})
    with time_machine.travel(START, tick=False):
        yield


def ask(kind: str = "count", key: str = "1", **arguments: object) -> None:
    with write_transaction():
        services.ask(kind, key=key, arguments=arguments)


def run(app: Flask, worker: str = "w") -> bool:
    return run_next(app, worker=worker, is_stopping=lambda: False)


def _ask_and_refuse() -> None:
    with write_transaction():
        services.ask("count", key="1")
        raise ConflictError("不行。")


def job(kind: str = "count", key: str = "1") -> Job:
    db.session.rollback()
    found = queries.latest(kind, key)
    assert found is not None
    return found


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_job_is_asked_for_together_with_what_wants_it_or_not_at_all(
    app: Flask, any_database: str
) -> None:
    with pytest.raises(ConflictError):
        _ask_and_refuse()
    assert count() == 0
    ask()
    ask()
    ask(key="2")
    assert count() == 2


def test_a_job_is_done_once_and_may_then_be_asked_for_again(app: Flask, any_database: str) -> None:
    seen: list[object] = []
    hooks.register(Kind("count", lambda work: seen.append(work.arguments["n"])))
    ask(n=1)
    assert run(app)
    assert not run(app)
    assert job().state is JobState.DONE
    ask(n=2)
    assert run(app)
    assert seen == [1, 2]
    with time_machine.travel(START + timedelta(days=8), tick=False):
        assert services.forget_old() == 2


def test_of_two_workers_that_reach_for_a_job_one_gets_it(app: Flask, any_database: str) -> None:
    for number in range(6):
        ask(key=str(number))
    taken: list[int] = []
    together = threading.Barrier(3)

    def reach(name: str) -> None:
        together.wait()
        with app.app_context():
            while (one := services.take(worker=name)) is not None:
                taken.append(one.id)
            db.session.remove()

    threads = [threading.Thread(target=reach, args=(f"w{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 6


def test_what_fails_is_tried_later_and_later_and_then_given_up_with_a_sentence(
    app: Flask, any_database: str
) -> None:
    tried: list[datetime] = []

    def fail(_work: Work) -> None:
        tried.append(clock.now())
        raise RuntimeError("broken")

    hooks.register(Kind("count", fail, most_attempts=3, delay=timedelta(minutes=1)))
    ask()
    for minute in range(12):
        with time_machine.travel(START + timedelta(minutes=minute), tick=False):
            run(app)
    assert [(moment - START).seconds // 60 for moment in tried] == [0, 1, 5]
    assert job().state is JobState.FAILED
    assert job().failure == services.CAME_TO_NOTHING


def test_what_is_hopeless_or_unknown_is_not_tried_again(app: Flask) -> None:
    def refuse(_work: Work) -> None:
        raise HopelessError("没有这个文件。")

    hooks.register(Kind("count", refuse))
    ask()
    ask("unheard of")
    while run(app):
        pass
    assert (job().state, job().failure) == (JobState.FAILED, "没有这个文件。")
    assert job("unheard of").state is JobState.FAILED


def test_what_a_dead_worker_left_is_done_by_another_and_its_own_answer_comes_too_late(
    app: Flask, any_database: str
) -> None:
    done: list[int] = []
    hooks.register(Kind("count", lambda _work: done.append(1), most_attempts=3))
    ask()
    lost = services.take(worker="dead")
    assert lost is not None
    assert services.take_back() == 0
    assert services.take_back(dead={"dead"}) == 1
    assert run(app, "living")
    assert not services.finish(lost)
    assert done == [1]
    assert job().state is JobState.DONE


def test_a_worker_elsewhere_is_believed_only_as_long_as_it_gives_signs_of_life(
    app: Flask, any_database: str
) -> None:
    ask()
    taken = services.take(worker="far away")
    assert taken is not None
    with time_machine.travel(START + timedelta(seconds=80), tick=False):
        services.keep_alive(taken)
        services.note_progress(taken, 3, 10)
    assert (job().done, job().total) == (3, 10)
    with time_machine.travel(START + timedelta(seconds=120), tick=False):
        assert services.take_back() == 0
    with time_machine.travel(START + timedelta(seconds=171), tick=False):
        assert services.take_back() == 1
    assert job().state is JobState.WAITING


def test_a_job_that_brings_down_every_worker_fails_in_the_end(app: Flask) -> None:
    hooks.register(Kind("count", lambda _work: None, most_attempts=2))
    ask()
    for _ in range(2):
        assert services.take(worker="doomed") is not None
        services.take_back(dead={"doomed"})
    assert job().state is JobState.FAILED
    assert services.take(worker="next") is None


def test_what_is_broken_off_to_stop_is_put_back_as_if_never_begun(app: Flask) -> None:
    def break_off(_work: Work) -> None:
        raise StoppedError

    hooks.register(Kind("count", break_off, most_attempts=1))
    ask()
    assert run(app)
    assert (job().state, job().attempts) == (JobState.WAITING, 0)


def test_a_chore_comes_round_at_its_hour_and_goes_before_other_work(
    app: Flask, any_database: str
) -> None:
    done: list[str] = []
    hooks.register(Kind("count", lambda _work: done.append("job")))
    hooks.register(Chore("daily", lambda: done.append("daily"), at=time(3, 10)))
    hooks.register(Chore("often", lambda: done.append("often"), every=timedelta(minutes=5)))
    ask()
    services.plan_chores()
    services.plan_chores()
    while run(app):
        pass
    assert done == ["daily", "often", "job"]
    done.clear()
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        while run(app):
            pass
    assert done == ["often"]
    # 3:10 of the next day in China.
    assert job("daily", "").not_before == datetime(2026, 3, 2, 19, 10, tzinfo=UTC)
    hooks.chores.pop("daily")
    services.plan_chores()
    assert count() == 2, [(one.kind, one.state) for one in db.session.scalars(select(Job))]


def test_a_chore_that_fails_waits_for_its_next_time_all_the_same(app: Flask) -> None:
    def fail() -> None:
        raise RuntimeError("broken")

    hooks.register(Chore("daily", fail, at=time(3, 10)))
    services.plan_chores()
    moment = START
    for _ in range(6):
        with time_machine.travel(moment, tick=False):
            run(app)
            moment = max(job("daily", "").not_before, moment)
    assert job("daily", "").failure == services.CAME_TO_NOTHING
    with time_machine.travel(START + timedelta(days=30), tick=False):
        assert run(app)


def test_a_worker_finds_what_was_left_by_one_that_died_on_this_machine(app: Flask) -> None:
    hooks.register(Kind("count", lambda _work: None))
    ask()
    services.take(worker="dead")
    worker = Worker(app)
    mark = worker.folder / "dead.alive"
    worker.folder.mkdir(parents=True, exist_ok=True)
    worker.sweep()
    assert job().state is JobState.RUNNING  # of another machine, for all that is known
    mark.touch()
    worker.sweep()
    assert job().state is JobState.WAITING
    assert not mark.exists()
    worker.look()
    assert job().state is JobState.DONE


def test_a_bell_on_redis_leaves_the_one_on_sqlite_as_it_is(app: Flask) -> None:
    app.config["PORTAL_REDIS_URL"] = "redis://127.0.0.1:1/0"
    assert not queue.ring(app)
    app.config["PORTAL_REDIS_URL"] = ""
    assert queue.ring(app)


def test_operators_are_told_of_work_that_waits_while_nobody_works(
    app: Flask, browser: Browser, any_database: str
) -> None:
    ask()
    runner = app.test_cli_runner()
    assert runner.invoke(args=["health"]).output == "正常\n"
    with time_machine.travel(START + timedelta(minutes=20), tick=False):
        assert browser.client.get("/readyz").text.startswith("ok\n有 1 项后台任务")
        taken = services.take(worker="w")
        assert taken is not None
        ask(key="2")
        assert browser.client.get("/readyz").text == "ok\n"


def test_what_only_other_installations_need_is_not_loaded(tmp_path: Path) -> None:
    """Memory of every process: no way to Redis without PORTAL_REDIS_URL, no table of strokes."""
    said = subprocess.run(
        [sys.executable, "-c", _LOADED],
        env={**os.environ, "PORTAL_INSTANCE_PATH": str(tmp_path)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout.split()
    assert "huey" in said
    assert not {"redis", "psycopg", "strokes", "pypinyin.phrases_dict", "openpyxl"} & set(said)
