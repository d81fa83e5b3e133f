"""The real worker beside the real server: it comes with it, is kept by it, and goes with it."""

import io
import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from flask import Flask

from portal.database import db, write_transaction
from portal.jobs import queries, queue
from portal.jobs.models import Job, JobState
from portal.materials import previews, services, settings
from tests.factories import Street
from tests.instances import left_out
from tests.live import Live, serving
from tests.materials import samples
from tests.materials.test_previews import paper

REDIS_URL = os.environ.get("PORTAL_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
PATIENCE = 90.0


def wait_for(what: Callable[[], object], live: Live | None = None) -> None:
    until = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < until, live.said() if live else "waited in vain"
        time.sleep(0.05)


def worker_of(app: Flask, but: int = 0) -> int:
    """Return the process that has left its mark, as soon as there is another than `but`."""
    found: list[int] = []

    def look() -> bool:
        marks = queue.folder(app).glob("*.alive")
        found[:] = [int(mark.name.split("-")[-2]) for mark in marks]
        return any(pid != but for pid in found)

    wait_for(look)
    return next(pid for pid in found if pid != but)


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


def upload(street: Street, content: bytes) -> str:
    """Put a paper into the library while others write; return its digest."""
    with write_transaction():
        material = services.keep(
            stream=io.BytesIO(content),
            filename="讲稿.docx",
            owner=street.shantou,
            actor=street.secretary,
        )
        return material.file.digest


def job_of(digest: str) -> Job | None:
    db.session.rollback()
    return queries.latest(previews.KIND, digest)


def is_done(digest: str) -> bool:
    job = job_of(digest)
    return job is not None and job.state is JobState.DONE


@pytest.mark.parametrize("bell", ["file", "redis"])
def test_an_uploaded_paper_can_be_read_in_the_page_a_little_later(
    app: Flask,
    street: Street,
    bell: str,
) -> None:
    if shutil.which("soffice") is None:
        left_out("libreoffice", "no soffice on this machine")
    chosen = {}
    if bell == "redis":
        chosen = {"PORTAL_REDIS_URL": REDIS_URL}
        _need_redis()
    app.config.update(chosen, SECRET_KEY=f"only-for-this-{os.getpid()}-{bell}")
    db.session.commit()
    with serving(app, worker=True, **chosen) as live:
        pid = worker_of(app)
        digest = upload(street, paper())
        wait_for(lambda: is_done(digest), live)
        assert settings.files().derived(digest, previews.NAME).read_bytes().startswith(b"%PDF-")
        assert (queue.folder(app) / "queue.sqlite").exists() is (bell == "file")
    # Told to stop, the server takes its worker with it, and that leaves no mark.
    assert is_gone(pid)
    assert not list(queue.folder(app).glob("*.alive"))


def _need_redis() -> None:
    try:
        with redis.Redis.from_url(REDIS_URL) as client:
            client.ping()
    except redis.ConnectionError as error:
        left_out("redis", str(error))


def test_what_a_killed_worker_was_doing_is_done_once_by_the_next_and_dies_with_its_server(
    app: Flask,
    street: Street,
    tmp_path: Path,
) -> None:
    converter, tried, ready = (tmp_path / name for name in ("soffice", "tried", "ready.pdf"))
    ready.write_bytes(samples.pdf())
    converter.write_text(
        f"#!/bin/sh\necho $$ >> {tried}\n[ $(wc -l < {tried}) = 1 ] && exec sleep 600\n"
        f"mkdir out && cp {ready} out/paper.pdf\n",
        encoding="utf-8",
    )
    converter.chmod(0o755)
    db.session.commit()
    with serving(app, worker=True, PORTAL_SOFFICE=converter) as live:
        first = worker_of(app)
        digest = upload(street, samples.docx())
        wait_for(tried.exists, live)
        os.kill(first, signal.SIGKILL)
        wait_for(lambda: is_done(digest), live)
        job = job_of(digest)
        assert job is not None
        assert job.attempts == 2
        orphan, *others = tried.read_text().split()
        os.kill(int(orphan), signal.SIGKILL)
        assert len(others) == 1
        second = worker_of(app, but=first)
        live.process.kill()
        wait_for(lambda: is_gone(second))


def test_a_bell_out_of_order_spoils_nothing(app: Flask, street: Street) -> None:
    app.config["PORTAL_REDIS_URL"] = "redis://127.0.0.1:1/0"
    assert not queue.ring(app)
    digest = upload(street, samples.docx())
    job = job_of(digest)
    assert job is not None
    assert job.state is JobState.WAITING
