"""The `portal` command in a process of its own, as operators and servers run it.

The processes are forks of one that has imported the portal and nothing else, so that a test
does not wait for the imports.
"""

import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from portal.cli import main

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 300.0
# Of all portals for tests: what one has sealed another can open.
SECRET_KEY = "only-for-tests"
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["portal.cli"])


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    status: int | None
    out: str
    err: str


def started(
    words: tuple[str, ...], instance: Path, streams: tuple[str, str, str], **settings: object
) -> ForkServerProcess:
    """Start `portal WORDS` on an instance folder; `streams` are files for 0, 1 and 2.

    `settings` are variables of its environment, which knows no other PORTAL_*.
    """
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_ENV": "test",
        "PORTAL_INSTANCE_PATH": str(instance),
        **{name: str(value) for name, value in settings.items()},
    }
    process = _FORKS.Process(target=_be_the_command, args=(words, environment, streams))
    process.start()
    return process


def portal(instance: Path, *words: str, typed: str = "", **settings: object) -> Done:
    """Run `portal WORDS` to its end; `typed` is what it reads."""
    with tempfile.TemporaryDirectory() as folder:
        given, out, err = (Path(folder, name) for name in ("given", "out", "err"))
        given.write_text(typed, encoding="utf-8")
        process = started(words, instance, (str(given), str(out), str(err)), **settings)
        process.join(LIMIT)
        if process.is_alive():
            process.kill()
            raise TimeoutError(f"portal {' '.join(words)} does not end")
        return Done(
            process.exitcode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        )


def _be_the_command(
    words: tuple[str, ...], environment: dict[str, str], streams: tuple[str, str, str]
) -> None:
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for number, path in enumerate(streams):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY
        os.dup2(os.open(path, flags), number)
    # The three were opened by another process, and multiprocessing has taken the first away.
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.argv = ["portal", *words]
    main()
