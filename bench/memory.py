"""Measure what an idle portal keeps in memory: `python -m bench.memory` (Linux).

Proportional set size: a page that three processes share counts a third in each, so that the sum
is what the machine gives. The goal is 200 MB with two web workers (QUALITY, start).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import servers

SETTLED_SECONDS = 15
GOAL_MB = 200


def main() -> None:
    """Print a line for each process, without and with the background worker."""
    for has_worker in (False, True):
        print("with the background worker" if has_worker else "two web workers alone")
        with tempfile.TemporaryDirectory() as folder:
            url = _migrated(Path(folder))
            with servers.portal(Path(folder), url, has_worker=has_worker):
                time.sleep(SETTLED_SECONDS)
                sizes = [_megabytes(pid) for pid in _family(os.getpid())][1:]
        for size in sizes:
            print(f"  {size:6.1f} MB")
        print(f"  {sum(sizes):6.1f} MB in all; the goal is {GOAL_MB}")


def _migrated(folder: Path) -> str:
    url = f"sqlite:///{folder}/portal.sqlite"
    settings = {"PORTAL_ENV": "test", "PORTAL_INSTANCE_PATH": str(folder)}
    subprocess.run(
        [str(Path(sys.executable).parent / "portal"), "db", "upgrade"],
        env={**os.environ, **settings, "PORTAL_DATABASE_URL": url},
        check=True,
        capture_output=True,
    )
    return url


def _family(pid: int) -> Iterator[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    main()
