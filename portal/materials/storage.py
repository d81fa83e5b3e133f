"""The store: bytes under the hash of what they are, outside of the web root.

`<folder>/ab/<digest>` holds a file, `<folder>/ab/<digest>.<name>` what was made of it (a
thumbnail), `<folder>/incoming/` what is still being looked at. Whoever puts a file in place and
whoever sweeps hold `<folder>/lock`, so that nothing is swept that has just been put there.
"""

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal import clock
from portal.errors import ConflictError, InvalidInputError

PIECE = 256 * 1024
# A disk is never filled to the brim: the database needs some of it.
LEAST_FREE_BYTES = 256 * 1024 * 1024
NO_SPACE = "服务器的存储空间不够了，没有保存。请联系系统管理员。"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DERIVED = re.compile(r"([0-9a-f]{64})(?:\.[a-z0-9.]+)?")
_GRACE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Arrived:
    """A file that has arrived and waits to be looked at."""

    path: Path
    digest: str
    size: int


class Files:
    """The folder of stored files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.incoming = folder / "incoming"

    def path(self, digest: str) -> Path:
        """Return where the bytes with this digest lie."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"no digest: {digest!r}")
        return self.folder / digest[:2] / digest

    def derived(self, digest: str, name: str) -> Path:
        """Return where what was made of a file lies, for instance a thumbnail."""
        path = self.path(digest)
        return path.with_name(f"{digest}.{name}")

    def check_space(self, wanted: int = 0) -> None:
        """Raise ConflictError where the disk has no room for so many more bytes."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free - wanted < LEAST_FREE_BYTES:
            raise ConflictError(NO_SPACE)

    @contextmanager
    def arriving(self) -> Iterator[Path]:
        """Give a path for a file that arrives; what is left there afterwards is removed."""
        self.incoming.mkdir(parents=True, exist_ok=True)
        path = self.incoming / secrets.token_hex(16)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def put(self, path: Path, digest: str) -> Path:
        """Move a file to its place; the same bytes may be there already."""
        place = self.path(digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.chmod(0o640)
        os.utime(path)  # young, however old what was linked here is
        with self._locked():
            path.replace(place)
        return place

    def sweep(self, is_kept: Callable[[str], bool]) -> int:
        """Remove files whose digest is not kept, and what has been arriving for a day.

        Return how many. What is younger than a day stays: its row may not be committed yet.
        """
        oldest = clock.now().timestamp() - _GRACE_SECONDS
        count = 0
        for path in [*self.folder.glob("[0-9a-f][0-9a-f]/*"), *self.incoming.glob("*")]:
            named = _DERIVED.fullmatch(path.name) if path.parent != self.incoming else None
            if named is not None and is_kept(named[1]):
                continue
            with self._locked(), suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()
                    count += 1
        return count

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def received(stream: IO[bytes], path: Path, *, at_most: int) -> Arrived:
    """Write a stream to `path` piece by piece; raise InvalidInputError beyond `at_most` bytes."""
    hashed, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > at_most:
                raise InvalidInputError(too_large(at_most), field="file")
            hashed.update(piece)
            file.write(piece)
    return Arrived(path, hashed.hexdigest(), size)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def too_large(at_most: int) -> str:
    """Return the sentence for a file that is too large."""
    return f"文件太大了，最大 {size_words(at_most)}，没有保存。请压缩或拆分后再试。"


def size_words(size: int) -> str:
    """Return a size as people say it: 900 KB, 3.5 MB, 1.2 GB."""
    if size < 1000 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    if size < 1000 * 1024**2:
        return f"{size / 1024**2:.1f}".removesuffix(".0") + " MB"
    return f"{size / 1024**3:.1f}".removesuffix(".0") + " GB"
