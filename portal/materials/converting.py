"""Office files turned into PDF by LibreOffice, in a process that may do nothing else.

A profile of its own that is thrown away; no macro runs, no link is followed, no address but a
dead proxy is asked; memory, processor time and the size of what it writes are limited.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

from portal.errors import PortalError

TIME_LIMIT = 120.0
_MEMORY_KB = 3 * 1024 * 1024
_OUTPUT_BLOCKS = 256 * 1024 * 2  # of 512 bytes
_LOOK_EVERY = 0.1
_DEAD_PROXY = (("ooInetProxyType", "2"), ("ooInetHTTPProxyName", "127.0.0.1"))
_DEAD_PORTS = ("ooInetHTTPProxyPort", "ooInetHTTPSProxyPort")
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_INET = "/org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    *((_INET, name, value) for name, value in _DEAD_PROXY),
    (_INET, "ooInetHTTPSProxyName", "127.0.0.1"),
    *((_INET, name, "9") for name in _DEAD_PORTS),
)
# The limits hold for the program and all that it starts, even when its worker is killed.
_LIMITED = 'ulimit -v "$1" && ulimit -f "$2" && ulimit -t "$3" && shift 3 && exec "$@"'


class NotConvertedError(PortalError):
    """LibreOffice made nothing of the file."""


class BrokenOffError(Exception):
    """The conversion was stopped because nobody waits for it any more."""


def program(setting: str) -> str | None:
    """Return the path of LibreOffice as the setting or the search path says; None without."""
    return shutil.which(setting or "soffice")


def to_pdf(
    soffice: str,
    source: Path,
    extension: str,
    folder: Path,
    *,
    is_stopping: Callable[[], bool] = lambda: False,
) -> Path:
    """Return the path of the PDF made of a file, below `folder`, which the caller removes."""
    named = folder / f"paper.{extension}"
    shutil.copyfile(source, named)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(folder / "out"), str(named)]
    limits = [str(_MEMORY_KB), str(_OUTPUT_BLOCKS), str(int(TIME_LIMIT))]
    process = subprocess.Popen(  # noqa: S603  our own program, a name that we have given
        ["/bin/sh", "-c", _LIMITED, "sh", *limits, *command],
        cwd=folder,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "zh_CN.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, is_stopping)
    finally:
        _end(process)
    made = folder / "out" / "paper.pdf"
    if not made.exists():
        raise NotConvertedError("这个文件没能转换成可以预览的 PDF。")
    return made


def _wait(process: "subprocess.Popen[bytes]", is_stopping: Callable[[], bool]) -> None:
    until = time.monotonic() + TIME_LIMIT
    while process.poll() is None:
        if is_stopping():
            raise BrokenOffError
        if time.monotonic() > until:
            raise NotConvertedError("转换用时太长，没有做出预览。")
        time.sleep(_LOOK_EVERY)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program with all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _registry() -> str:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    )


def workbench(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    """Return a folder for one conversion, removed at its end."""
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True)
