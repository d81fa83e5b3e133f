"""Packs one archive that installs the portal on a machine without any network: `make bundle`.

Wheels, front-end files, sources and the installer, for this kind of machine and this Python.
"""

from __future__ import annotations

import shutil
import sys
import tarfile

from install import BUILD, LOCKS, PLATFORM, ROOT, VENV, attempt, install, pip_source, run, say

PACKED = [
    *("portal", "templates", "static", "deploy", "docs", "requirements", "pyproject.toml"),
    *("package.json", "package-lock.json", "Makefile", "README.md", "LICENSE"),
]


def bundle() -> None:
    install(dev=False)
    wheels = BUILD / "wheels"
    shutil.rmtree(wheels, ignore_errors=True)
    say("Fetching the wheels ...")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "download", *pip_source(), "--no-deps"]
    run(
        [*pip, "--require-hashes", "-r", str(LOCKS / "runtime.txt"), "--dest", str(wheels)],
        failure="the wheels could not be fetched",
    )
    (wheels / "PLATFORM").write_text(PLATFORM + "\n")
    (ROOT / "dist").mkdir(exist_ok=True)
    archive = ROOT / "dist" / f"portal-{PLATFORM}.tar.gz"
    unfinished = archive.with_suffix(".part")
    with tarfile.open(unfinished, "w:gz") as tar:
        for name in PACKED:
            if (ROOT / name).exists():
                tar.add(ROOT / name, f"portal/{name}", filter=packed)
        tar.add(wheels, "portal/wheels", filter=packed)
    unfinished.rename(archive)
    size = archive.stat().st_size / 1e6
    say(f"{archive.relative_to(ROOT)} ({size:.0f} MB); to install it: tar -xzf it, cd portal,")
    say("python3 deploy/install.py runtime")


def packed(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out what Python made; owners of this machine mean nothing on another."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return None if member.name.endswith(("__pycache__", ".pyc")) else member


if __name__ == "__main__":
    sys.exit(attempt(bundle))
