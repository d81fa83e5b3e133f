"""Doing one job: taken on, kept alive, done, and settled, whatever comes of it."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.errors import PortalError
from portal.jobs import hooks, services
from portal.jobs.hooks import HopelessError, StoppedError, Work
from portal.jobs.services import Taken

# A sign of life, well before nobody believes in it any more; how often progress is written.
_SIGN_EVERY = services.BELIEVED.total_seconds() / 4
_PROGRESS_EVERY = 1.0
_UNKNOWN = "这一版门户不认识这种后台任务。"
_log = logging.getLogger("portal.jobs")


def run_next(app: Flask, *, worker: str, is_stopping: Callable[[], bool]) -> bool:
    """Do the most urgent job that is due; return False if there was none."""
    with app.app_context():
        taken = services.take(worker=worker)
    if taken is None:
        return False
    with _signs_of_life(app, taken):
        settle = _done(app, taken, is_stopping)
    with app.app_context():
        if not settle():
            _log.warning("job %s %d was taken over by another worker", taken.kind, taken.id)
    return True


def _done(app: Flask, taken: Taken, is_stopping: Callable[[], bool]) -> Callable[[], object]:
    """Do the work in an application context of its own; return what is to be noted of it."""
    try:
        with app.app_context():
            _work(app, taken, is_stopping)
    except StoppedError:
        return lambda: services.put_back(worker=taken.worker)
    except HopelessError as error:
        sentence = error.message
        return lambda: services.fail(taken, sentence=sentence, is_hopeless=True)
    except PortalError as error:
        sentence = error.message
        return lambda: services.fail(taken, sentence=sentence)
    except Exception:
        _log.exception("job %s %d failed (attempt %d)", taken.kind, taken.id, taken.attempt)
        return lambda: services.fail(taken)
    return lambda: services.finish(taken)


def _work(app: Flask, taken: Taken, is_stopping: Callable[[], bool]) -> None:
    if taken.is_chore and taken.kind in hooks.chores:
        hooks.chores[taken.kind].work()
    elif taken.kind in hooks.kinds:
        work = Work(taken.arguments, _progress(app, taken), is_stopping)
        hooks.kinds[taken.kind].work(work)
    else:
        raise HopelessError(_UNKNOWN)


def _progress(app: Flask, taken: Taken) -> Callable[[int, int], None]:
    """Return a way to say how far it is, that writes now and then and never waits."""
    written_at = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal written_at
        if done < total and time.monotonic() - written_at < _PROGRESS_EVERY:
            return
        written_at = time.monotonic()
        with app.app_context(), suppress(OperationalError):
            services.note_progress(taken, done, total)

    return progress


@contextmanager
def _signs_of_life(app: Flask, taken: Taken) -> Iterator[None]:
    is_over = threading.Event()

    def sign() -> None:
        while not is_over.wait(_SIGN_EVERY):
            with app.app_context(), suppress(OperationalError):
                services.keep_alive(taken)

    thread = threading.Thread(target=sign, name="signs of life", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
