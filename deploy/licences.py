"""Fails when a package that the portal ships under a licence not known to be free: `make lint`.

The policy, and what each family of licences asks of us, is in docs/dependencies.md.
"""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Words, in lower case, found in licence expressions, classifiers and licence fields.
ALLOWED = [
    *(
        "mit",
        "bsd",
        "0bsd",
        "isc",
        "apache",
        "python software foundation",
        "psf",
        "unlicense",
        "zlib",
        "blueoak-1.0.0",
    ),
    *("mozilla public license", "mpl-2.0", "hpnd", "historical permission notice", "ofl-1.1"),
    *("public domain", "cc0"),
    # Weak copyleft: free to use unchanged as a library, which is how psycopg is used.
    *("lgpl", "lesser general public license"),
]
# Seen and judged by a person, where the package's own words are missing or unclear.
JUDGED: dict[str, str] = {
    # Its README names the licence, its package.json does not.
    "combine-errors": "MIT",
    # Its LICENSE file is the text of the MIT licence, its metadata do not say so.
    "huey": "MIT",
}


def main() -> int:
    found = {**python_licences(), **front_end_licences()}
    unknown = {name: licence for name, licence in found.items() if not allowed(name, licence)}
    for name, licence in sorted(unknown.items()):
        print(f"licences: {name} has a licence that is not allowed: {licence}", file=sys.stderr)
    if not unknown:
        print(f"Licences: all {len(found)} packages are under allowed licences.")
    return 1 if unknown else 0


def python_licences() -> dict[str, str]:
    """Licences of the packages in the runtime lock; one left out on this machine is not judged."""
    lock = (ROOT / "requirements" / "runtime.txt").read_text()
    licences = {}
    for name in re.findall(r"^([a-z0-9._-]+)==", lock, flags=re.MULTILINE):
        try:
            licences[name] = stated(distribution(name))
        except PackageNotFoundError:
            print(f"Licences: {name} is not installed on this machine, so not judged.")
    return licences


def stated(package: Distribution) -> str:
    """The licence in the package's own words: expression, else classifiers, else free text."""
    metadata = package.metadata
    classifiers = [
        line.rpartition(":: ")[2]
        for line in metadata.get_all("Classifier", [])
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    expressions = metadata.get_all("License-Expression", [])
    texts = metadata.get_all("License", ["none stated"])
    return " AND ".join(expressions or classifiers or [texts[0].split("\n")[0]])


def front_end_licences() -> dict[str, str]:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {
        path.removeprefix("node_modules/"): package.get("license", "none stated")
        for path, package in packages.items()
        if path and not package.get("dev")
    }


def allowed(name: str, licence: str) -> bool:
    """One allowed alternative of each part of an expression is enough."""
    parts = re.split(r"\s+AND\s+", JUDGED.get(name, licence), flags=re.IGNORECASE)
    return all(any(words(known, part.lower()) for known in ALLOWED) for part in parts)


def words(known: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(known)}\b", text) is not None


if __name__ == "__main__":
    sys.exit(main())
