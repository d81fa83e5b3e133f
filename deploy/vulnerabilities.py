"""Fails when a locked package has a known vulnerability: part of `make lint`.

pip-audit and `npm audit` ask the advisory services of the package indexes. A network without
such a service (a closed one, or a mirror of files only) is told plainly and is no failure: an
empty answer is never taken for a clean bill.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# Advisories that do not touch us, each with the reason and the date of that judgement.
ACCEPTED: dict[str, str] = {}


def main() -> int:
    findings = [*python_findings(), *front_end_findings()]
    for finding in findings:
        print(f"vulnerabilities: {finding}", file=sys.stderr)
    return 1 if findings else 0


def python_findings() -> list[str]:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    answer = asked([*command, "-r", "requirements/dev.txt", *options]) or {}
    packages = answer.get("dependencies", [])
    judged = [package for package in packages if "vulns" in package]
    report("Python", len(judged), len(packages))
    return [
        f"{package['name']} {package['version']}: {advisory['id']}, mended in "
        f"{' or '.join(advisory['fix_versions']) or 'no release yet'}"
        for package in judged
        for advisory in package["vulns"]
        if not ACCEPTED.keys() & {advisory["id"], *advisory.get("aliases", [])}
    ]


def front_end_findings() -> list[str]:
    places = f"{os.environ['PATH']}{os.pathsep}{ROOT / 'build' / 'node' / 'bin'}"
    npm = shutil.which("npm", path=places)
    answer = (asked([npm, "audit", "--json", "--package-lock-only"]) if npm else None) or {}
    found: dict[str, Any] | None = answer.get("vulnerabilities")
    locked = len(json.loads((ROOT / "package-lock.json").read_text())["packages"]) - 1
    report("front-end", locked if found is not None else 0, locked)
    return [f"{name}: {advisory['severity']}" for name, advisory in (found or {}).items()]


def asked(command: list[str]) -> dict[str, Any] | None:
    """What the tool answered in JSON; None if it could not ask."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return answer


def report(kind: str, judged: int, of: int) -> None:
    if judged and judged == of:
        print(f"Vulnerabilities: the {judged} {kind} packages were checked.")
    elif judged:
        print(
            f"Vulnerabilities: {judged} of {of} {kind} packages were checked, the others unknown."
        )
    else:
        print(f"Vulnerabilities: LEFT OUT for {kind} packages, no advisory service answers here.")


if __name__ == "__main__":
    sys.exit(main())
