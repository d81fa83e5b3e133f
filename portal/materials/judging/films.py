"""Video and audio that browsers play: the frame of the file must hold to its end."""

from collections.abc import Iterator
from pathlib import Path

from portal.materials.judging import markers
from portal.materials.judging.verdict import BROKEN, MIXED, RefusedFileError, Verdict
from portal.materials.models import MaterialKind

SOUNDS = {
    "audio/mpeg": "mp3",
    "audio/x-wav": "wav",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/x-flac": "flac",
    "audio/flac": "flac",
}
BOXES = {"video/mp4", "audio/mp4", "video/x-m4v"}
_TOLD = {"audio/x-wav": "audio/wav", "audio/x-flac": "audio/flac"}
MATROSKA = "这是 MKV 视频，许多浏览器放不出来。请转成 MP4 后再上传。"
QUICKTIME = "这是 MOV 视频，许多浏览器放不出来。请转成 MP4 后再上传。"
_SOUND_BRANDS = (b"M4A ", b"M4B ", b"M4P ")
_MOST_BOXES = 10_000


def sound(path: Path, media_type: str) -> Verdict:
    """Return the verdict of a sound."""
    _check_pure(path)
    extension = SOUNDS[media_type]
    return Verdict(MaterialKind.AUDIO, _TOLD.get(media_type, media_type), extension)


def boxes(path: Path, media_type: str) -> Verdict:
    """Return the verdict of an MP4: boxes from the first byte to the last, with a film in them."""
    _check_pure(path)
    with path.open("rb") as file:
        brand = file.read(12)[8:12]
    if brand == b"qt  ":
        raise RefusedFileError(QUICKTIME)
    if not {b"ftyp", b"moov", b"mdat"} <= set(_boxes(path)):
        raise RefusedFileError(BROKEN)
    if brand in _SOUND_BRANDS or media_type == "audio/mp4":
        return Verdict(MaterialKind.AUDIO, "audio/mp4", "m4a")
    return Verdict(MaterialKind.VIDEO, "video/mp4", "mp4")


def _boxes(path: Path) -> Iterator[bytes]:
    """Yield the names of the outer boxes; raise RefusedFileError unless they fill the file."""
    size = path.stat().st_size
    place = 0
    with path.open("rb") as file:
        for _ in range(_MOST_BOXES):
            if place == size:
                return
            file.seek(place)
            head = file.read(16)
            length = int.from_bytes(head[:4], "big")
            if length == 1:  # the real length follows, in eight bytes
                length = int.from_bytes(head[8:16], "big")
            elif length == 0:  # to the end of the file
                length = size - place
            if len(head) < 8 or length < 8 or place + length > size:
                raise RefusedFileError(BROKEN)
            yield head[4:8]
            place += length
    raise RefusedFileError(BROKEN)


def webm(path: Path) -> Verdict:
    """Return the verdict of a WebM; Matroska that is none is refused."""
    _check_pure(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if b"\x42\x82\x84webm" not in head:
        raise RefusedFileError(MATROSKA if b"matroska" in head else BROKEN)
    if b"\x18\x53\x80\x67" not in head:  # the segment that holds everything
        raise RefusedFileError(BROKEN)
    return Verdict(MaterialKind.VIDEO, "video/webm", "webm")


def _check_pure(path: Path) -> None:
    if markers.found_at_ends(path):
        raise RefusedFileError(MIXED)
