"""Writers to SQLite wait in a line: threads of one process first, then one thread of each.

SQLite lets one transaction write at a time and has the others try again after growing
sleeps, so that under a burst the disk idles while everybody sleeps, and who came first is
served by luck. Here a writer sleeps until the one before it is done. Whoever does not know
the line (a shell, a backup) is still kept apart by SQLite's own lock.
"""

import fcntl
import os
import threading
import time
from pathlib import Path

# How often a process looks whether another has done: far shorter than any transaction.
_LOOK_EVERY = 0.0005


class WaitingLine:
    """The line before one database file; `lock_file` is what the processes agree on."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._threads = threading.Lock()
        self._opened_by = 0
        self._descriptor = -1

    def enter(self, patience: float) -> bool:
        """Wait for the turn, `patience` seconds at most; return whether it came."""
        until = time.monotonic() + patience
        if not self._threads.acquire(timeout=patience):
            return False
        try:
            has_turn = self._enter_among_processes(until)
        except BaseException:
            self._threads.release()
            raise
        if not has_turn:
            self._threads.release()
        return has_turn

    def leave(self) -> None:
        """Let the next one in."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        self._threads.release()

    def _enter_among_processes(self, until: float) -> bool:
        if self._opened_by != os.getpid():  # a lock is not shared with whoever was forked
            self._descriptor = os.open(
                self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
            self._opened_by = os.getpid()
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    return False
                time.sleep(_LOOK_EVERY)
            else:
                return True
