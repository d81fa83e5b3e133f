"""The virus scanner: the real clamd, with a signature of our own. No answer is no."""

import io
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.database import db
from portal.errors import ConflictError
from portal.materials import scanning
from portal.materials.judging import RefusedFileError
from portal.materials.models import Material
from tests.factories import Street
from tests.instances import left_out
from tests.materials import samples
from tests.page import Browser

# Harmless words, for which our one signature looks.
SICK = b"PORTAL-TEST-SIGNATURE-c0ffee"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The socket of a clamd of our own, that knows one signature."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        left_out("clamd", "no clamd is installed")
    folder = tmp_path_factory.mktemp("c")
    known = folder / "known"
    known.mkdir()
    (known / "portal.ndb").write_text(f"Portal.Test:0:*:{SICK.hex()}\n")
    line = folder / "clamd.sock"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"LocalSocket {line}\nDatabaseDirectory {known}\nForeground yes\n"
        f"TemporaryDirectory {folder}\nStreamMaxLength 2M\nLogFile {folder / 'log'}\n"
    )
    with subprocess.Popen(
        [str(program), "-c", str(settings)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        try:
            _wait_for(line, running)
            yield str(line)
        finally:
            running.terminate()


def _wait_for(line: Path, running: subprocess.Popen[bytes]) -> None:
    """Ask until it answers, or has given up."""
    while running.poll() is None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            try:
                asking.connect(str(line))
                asking.sendall(b"zPING\0")
                if asking.recv(16).startswith(b"PONG"):
                    return
            except OSError:
                continue
    pytest.fail(f"clamd did not start: {running.stdout.read() if running.stdout else b''!r}")


def file(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


def test_a_clean_file_passes(clamd: str, tmp_path: Path) -> None:
    scanning.check(file(tmp_path, samples.pdf()), clamd)


def test_a_sick_file_is_refused(clamd: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="病毒检查没有通过"):
        scanning.check(file(tmp_path, b"some words " + SICK), clamd)


def test_a_sick_part_of_an_office_file_is_found(clamd: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedFileError, match="病毒检查没有通过"):
        scanning.check(file(tmp_path, samples.pptx(**{"ppt/media/x.bin": SICK})), clamd)


def test_a_file_too_large_for_the_scanner_is_not_taken(clamd: str, tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="暂时不能进行"):
        scanning.check(file(tmp_path, b"x" * 5 * 1024 * 1024), clamd)


@pytest.mark.parametrize("away", ["/nowhere/clamd.sock", "127.0.0.1:1", "nonsense", "host:port"])
def test_a_scanner_that_is_away_lets_nothing_through(tmp_path: Path, away: str) -> None:
    with pytest.raises(ConflictError, match="暂时不能进行"):
        scanning.check(file(tmp_path, samples.pdf()), away)


def test_a_scanner_that_hangs_up_lets_nothing_through(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        server.listen()
        with pytest.raises(ConflictError, match="暂时不能进行"):
            _asked_while_hanging_up(server, tmp_path, port)


def _asked_while_hanging_up(server: socket.socket, folder: Path, port: int) -> None:
    import threading

    def hang_up() -> None:
        line, _ = server.accept()
        line.close()

    other = threading.Thread(target=hang_up)
    other.start()
    try:
        scanning.check(file(folder, samples.pdf()), f"127.0.0.1:{port}")
    finally:
        other.join()


def test_where_none_is_set_none_is_asked(tmp_path: Path) -> None:
    scanning.check(file(tmp_path, samples.pdf()), "")


def upload(browser: Browser, content: bytes) -> str:
    form = browser.get("/materials/new").form("/materials/new")
    return browser.submit(form, file=(io.BytesIO(content), "稿.txt")).alert


def test_an_upload_is_shown_to_the_scanner(
    browser: Browser, app: Flask, street: Street, clamd: str
) -> None:
    app.config["PORTAL_CLAMD"] = clamd
    browser.sign_in("secretary")
    assert "病毒检查没有通过" in upload(browser, b"words " + SICK)
    assert db.session.query(Material).count() == 0
    upload(browser, b"good words")
    assert db.session.query(Material).count() == 1


def test_while_the_scanner_is_away_nothing_is_uploaded(
    browser: Browser, app: Flask, street: Street
) -> None:
    app.config["PORTAL_CLAMD"] = "/nowhere/clamd.sock"
    assert "病毒检查暂时不能进行" in upload(browser.sign_in("secretary"), b"good words")
    assert db.session.query(Material).count() == 0
