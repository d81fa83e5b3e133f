"""The virus scanner: clamd, asked before anything is kept. No answer is no.

The protocol is clamd's INSTREAM: pieces with their length before them, a length of zero at the
end, one line back. A file that clamd finds too large (StreamMaxLength) is not taken either.
"""

import logging
import socket
from pathlib import Path

from portal.errors import ConflictError
from portal.materials.judging import RefusedFileError

log = logging.getLogger(__name__)

INFECTED = "病毒检查没有通过，文件没有保存。请先在自己的电脑上查毒。"
AWAY = "病毒检查暂时不能进行，文件没有保存。请稍后再试，或者联系系统管理员。"
_PIECE = 64 * 1024
_SECONDS = 120


def check(path: Path, clamd: str) -> None:
    """Raise RefusedFileError for an infected file, ConflictError where clamd gives no answer.

    `clamd` is the path of its socket or host:port; empty means that no scanner is set.
    """
    if not clamd:
        return
    try:
        with _connected(clamd) as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE):
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall((0).to_bytes(4, "big"))
            answer = _answer(line)
    except (OSError, ValueError) as error:
        log.error("clamd: %s", error)
        raise ConflictError(AWAY) from error
    if answer == "stream: OK":
        return
    log.warning("clamd: %s", answer)
    if answer.endswith(" FOUND"):
        raise RefusedFileError(INFECTED)
    raise ConflictError(AWAY)


def _connected(clamd: str) -> socket.socket:
    if clamd.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        try:
            line.connect(clamd)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = clamd.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _answer(line: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < 4096:
        piece = line.recv(4096)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0").decode("utf-8", "replace").strip()
