"""A cable between doors and server that can be cut in the middle of anything, and pulled."""

import re
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

PATIENCE = 60.0
_HEAD_ENDS = b"\r\n\r\n"


class Cut(NamedTuple):
    """Where one exchange ends: in what the door sends or in what comes back, at which share."""

    side: str
    share: float


class Cable:
    """Carries one request and its answer a connection; the first ones end as the cuts say."""

    def __init__(self, server: int, cuts: Iterable[Cut], listener: socket.socket) -> None:
        self._server = server
        self._cuts = iter(cuts)
        self._listener = listener
        self._changed = threading.Condition()
        self._is_pulled = False
        self._missed = 0

    @property
    def port(self) -> int:
        """Where doors reach it."""
        return int(self._listener.getsockname()[1])

    def pull(self) -> None:
        """Let nothing through any more, nor back."""
        with self._changed:
            self._is_pulled = True

    def plug_in(self) -> None:
        """Let everything through again."""
        with self._changed:
            self._is_pulled = False

    def wait_until_missed(self, number: int) -> None:
        """Wait until so many have tried in vain since it was pulled."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._missed >= number, PATIENCE)

    def carry_on(self) -> None:
        """Take connections until the listener is closed."""
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            cut = self._next_cut()
            if cut is None:
                return
            request = _whole(client)
            with socket.create_connection(("127.0.0.1", self._server)) as server:
                if cut.side == "request":
                    server.sendall(request[: int(len(request) * cut.share)])
                    return
                server.sendall(request)
                answer = _whole(server)
            with self._changed:
                if self._is_pulled:
                    return
            client.sendall(answer[: int(len(answer) * cut.share)])

    def _next_cut(self) -> Cut | None:
        """Return where this exchange ends; None where it does not even begin."""
        with self._changed:
            if self._is_pulled:
                self._missed += 1
                self._changed.notify_all()
                return None
            return next(self._cuts, Cut("answer", 1.0))


def _whole(peer: socket.socket) -> bytes:
    """Read one message: its head, and as much of a body as that says."""
    read = b""
    while _HEAD_ENDS not in read:
        part = peer.recv(65536)
        if not part:
            return read
        read += part
    head, body = read.split(_HEAD_ENDS, 1)
    said = re.search(rb"\r\ncontent-length: *(\d+)", head.lower())
    length = int(said[1]) if said else 0
    while len(body) < length:
        part = peer.recv(65536)
        if not part:
            break
        body += part
    return head + _HEAD_ENDS + body


@contextmanager
def cut(server: int, cuts: Iterable[Cut]) -> Iterator[Cable]:
    """Lay a cable to the server whose first exchanges end as the cuts say."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        cable = Cable(server, cuts, listener)
        threading.Thread(target=cable.carry_on, daemon=True).start()
        yield cable
