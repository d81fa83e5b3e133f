"""Who is alive on this machine: each worker holds the lock of a file that bears its name.

The lock goes with the process, however that ends: what it has left undone is found at once
and not only after its time. Of workers on other machines nothing is known here.
"""

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

_ENDING = ".alive"


@contextmanager
def alive(folder: Path, name: str) -> Iterator[None]:
    """Be known to be alive until the block ends."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    path = folder / f"{name}{_ENDING}"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def dead_among(folder: Path, names: Collection[str]) -> set[str]:
    """Return those of the workers that have died on this machine."""
    return {name for name in names if name and _has_died(folder / f"{name}{_ENDING}")}


def forget(folder: Path, names: Collection[str]) -> None:
    """Remove the marks of workers whose work has been given to others."""
    for name in names:
        (folder / f"{name}{_ENDING}").unlink(missing_ok=True)


def _has_died(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
