"""Uploaded files that wait for a yes, and the reports of those that got it.

A file waits in `instance/imports/` under the hash of a random token, for an hour, for the one
account that uploaded it; any process of the portal finds it there. A confirmed file is
claimed first, so that two clicks import once, and is replaced by its report.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from portal import clock
from portal.errors import ConflictError, NotFoundError
from portal.people.imports.services import FileFacts

WAITS = timedelta(hours=1)
GONE = "这次导入已经过期，或者不是您上传的。请重新上传文件。"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


@dataclass(frozen=True)
class Upload:
    """A file that waits: whose it is and which kind of import it is for."""

    account_id: int
    kind: str
    file: FileFacts
    content: bytes


@dataclass(frozen=True)
class Report:
    """What became of a confirmed file, in plain values."""

    account_id: int
    kind: str
    file: FileFacts
    counts: dict[str, int]
    refusals: list[dict[str, Any]]


class WaitingRoom:
    """The folder of waiting files and reports."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, upload: Upload) -> str:
        """Keep a file and return the token that finds it again; clear out what has expired."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        token = secrets.token_urlsafe(24)
        head = {"account_id": upload.account_id, "kind": upload.kind, "file": asdict(upload.file)}
        self._write(token, "upload", json.dumps(head).encode() + b"\n" + upload.content)
        return token

    def upload(self, token: str, *, account_id: int, kind: str) -> Upload | None:
        """Return the waiting file; None if it was confirmed; NotFoundError if not one's own."""
        content = self._read(token, "upload")
        if content is None:
            return None
        head, _, rest = content.partition(b"\n")
        values = json.loads(head)
        if (values["account_id"], values["kind"]) != (account_id, kind):
            raise NotFoundError(GONE)
        return Upload(account_id, kind, FileFacts(**values["file"]), rest)

    def report(self, token: str, *, account_id: int, kind: str) -> Report:
        """Return the report of a confirmed file; NotFoundError if there is none of one's own."""
        content = self._read(token, "report")
        values = json.loads(content) if content is not None else {}
        if (values.get("account_id"), values.get("kind")) != (account_id, kind):
            raise NotFoundError(GONE)
        return Report(**{**values, "file": FileFacts(**values["file"])})

    @contextmanager
    def claimed(self, token: str) -> Iterator[None]:
        """Have a file to oneself; it waits on if what is done with it fails."""
        waiting, claimed = self._path(token, "upload"), self._path(token, "claimed")
        try:
            waiting.rename(claimed)
        except FileNotFoundError as error:
            raise ConflictError("这个文件已经在导入了，请稍候刷新查看结果。") from error
        try:
            yield
        except BaseException:
            claimed.rename(waiting)
            raise
        claimed.unlink()

    def finish(self, token: str, report: Report) -> None:
        """Keep the report where the file was."""
        self._write(token, "report", json.dumps(asdict(report), ensure_ascii=False).encode())

    def discard(self, token: str) -> None:
        """Forget a file that is not wanted after all."""
        self._path(token, "upload").unlink(missing_ok=True)

    def _path(self, token: str, kind: str) -> Path:
        if not _TOKEN.fullmatch(token):
            raise NotFoundError(GONE)
        return self._folder / f"{hashlib.sha256(token.encode()).hexdigest()}.{kind}"

    def _write(self, token: str, kind: str, content: bytes) -> None:
        path = self._path(token, kind)
        unfinished = path.with_suffix(f".{secrets.token_hex(4)}.part")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        unfinished.replace(path)

    def _read(self, token: str, kind: str) -> bytes | None:
        path = self._path(token, kind)
        try:
            if self._is_over(path):
                return None
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def _clear(self) -> None:
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if self._is_over(path):
                    path.unlink()

    @staticmethod
    def _is_over(path: Path) -> bool:
        return clock.now().timestamp() - path.stat().st_mtime > WAITS.total_seconds()
