"""Writes requirements/*.txt and package-lock.json anew: `make lock`, or `make lock UPGRADE=1`.

Known pins stay unless --upgrade is given. uv makes the locks for every platform and Python from
3.11 on; it lives in build/lock, never in .venv.
"""

from __future__ import annotations

import argparse
import sys

from install import BUILD, LOCKS, attempt, environment, npm, run, say

GROUPS = {
    "runtime": ["pyproject.toml", "--group", "build"],
    "dev": ["pyproject.toml", "--group", "dev", "--constraints", "requirements/runtime.txt"],
    "node": ["--group", "node"],
    "lock": ["--group", "lock"],
}


def lock(*, upgrade: bool) -> None:
    place = BUILD / "lock"
    environment(place, LOCKS / "lock.txt")
    compile_ = [
        *(str(place / "bin" / "uv"), "pip", "compile", "--quiet", "--no-config", "--universal"),
        *("--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:"),
        *("--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"),
        *(["--upgrade"] if upgrade else []),
    ]
    for name, what in GROUPS.items():
        output = f"requirements/{name}.txt"
        say(f"Locking {output} ...")
        run([*compile_, *what, "--output-file", output], failure=f"{output} could not be locked")
    say("Locking package-lock.json ...")
    run(
        [npm(), "update" if upgrade else "install", "--package-lock-only"],
        failure="package-lock.json could not be locked",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes the locks anew.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = parser.parse_args().upgrade
    sys.exit(attempt(lambda: lock(upgrade=upgrade)))
