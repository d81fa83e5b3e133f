"""The one decision: first by the first bytes, then by what the whole must look like."""

from collections.abc import Callable
from pathlib import Path

import filetype

from portal.materials.judging import archives, compound, films, papers, pictures, texts
from portal.materials.judging.verdict import BROKEN, EMPTY, RefusedFileError, Verdict
from portal.materials.limits import Limits
from portal.materials.storage import size_words

HEAD = 8192
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
)
_PACKED = {
    *("application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz"),
    *("application/x-7z-compressed", "application/x-rar-compressed", "application/vnd.rar"),
    *("application/x-lzip", "application/x-lz4", "application/zstd", "application/x-compress"),
}
PROGRAM = "文件是程序，可能有害，没有保存。"
PACKED = "文件是压缩包。请解压后上传里面的文件。"
PICTURE = "这种图片格式不收。请另存为 JPG 或 PNG 后再上传。"
HEIC = "这是苹果手机的 HEIC 照片，许多电脑打不开。请另存为 JPG 后再上传。"
FILM = "这种视频格式在浏览器里放不出来。请转成 MP4 后再上传。"
SOUND = "这种音频格式在浏览器里放不出来。请转成 MP3 后再上传。"
UNKNOWN = "认不出这是什么文件，没有保存。请看一下允许的格式。"

Judge = Callable[[Path], Verdict]


def judge(path: Path, filename: str, limits: Limits) -> Verdict:
    """Return what the file is; raise RefusedFileError in words for the reader.

    `filename` only tells a text from a table of texts: nothing else is believed of it.
    """
    size = path.stat().st_size
    if size == 0:
        raise RefusedFileError(EMPTY)
    with path.open("rb") as file:
        head = file.read(HEAD)
    verdict = _judged(path, filename, head, limits)
    if size > limits.of(verdict.kind):
        raise RefusedFileError(
            f"{verdict.kind.label}最大 {size_words(limits.of(verdict.kind))}，"
            f"这个文件有 {size_words(size)}，没有保存。"
        )
    return verdict


def _judged(path: Path, filename: str, head: bytes, limits: Limits) -> Verdict:
    if head.startswith(_PROGRAMS):
        raise RefusedFileError(PROGRAM)
    by_start: tuple[tuple[bytes, Judge], ...] = (
        (b"%PDF-", papers.pdf),
        (b"PK\x03\x04", archives.office),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", compound.office),
        (b"\x1a\x45\xdf\xa3", films.webm),
    )
    for start, judged in by_start:
        if head.startswith(start):
            return judged(path)
    media_type = filetype.guess_mime(head) or ""
    if media_type in pictures.TAKEN:
        return pictures.picture(path, limits)
    if media_type in films.SOUNDS:
        return films.sound(path, media_type)
    if media_type in films.BOXES:
        return films.boxes(path, media_type)
    if head[4:8] == b"ftyp" and media_type not in {"image/heic", "image/avif"}:
        return films.boxes(path, "video/mp4")
    raise_if_known(media_type)
    return texts.text(path, filename)


def raise_if_known(media_type: str) -> None:
    """Raise RefusedFileError for what is known and not taken."""
    if media_type in _PACKED:
        raise RefusedFileError(PACKED)
    if media_type == "image/heic":
        raise RefusedFileError(HEIC)
    if media_type.startswith("image/"):
        raise RefusedFileError(PICTURE)
    if media_type.startswith("video/"):
        raise RefusedFileError(FILM)
    if media_type.startswith("audio/"):
        raise RefusedFileError(SOUND)
    if media_type == "application/zip":
        raise RefusedFileError(BROKEN)
    if media_type:
        raise RefusedFileError(UNKNOWN)
