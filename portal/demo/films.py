"""A film without a film studio: pictures as the key frames of a WebM.

What a lossy WebP holds is one key frame of VP8. Frames stand in clusters of their own, cues name
each of them, so that players seek (https://www.matroska.org/technical/elements.html).
"""

import io
import struct
from collections.abc import Sequence

from PIL import Image

_TRACK = 1


def film(pictures: Sequence[Image.Image], *, seconds: float = 1.0, padding: int = 0) -> bytes:
    """Return a WebM that shows each picture for so many seconds; all are of one size.

    `padding` adds so many idle bytes to each: a long film for tests, without long work.
    """
    width, height = pictures[0].size
    step = round(seconds * 1000)
    known: dict[int, bytes] = {}
    clusters = []
    for number, picture in enumerate(pictures):
        frame = known.setdefault(id(picture), _frame(picture))
        clusters.append(_cluster(number * step, frame, padding))
    info = _element(
        0x1549A966,
        _element(0x2AD7B1, _number(1_000_000)),
        _element(0x4489, struct.pack(">d", float(len(pictures) * step))),
        _element(0x4D80, b"portal"),
        _element(0x5741, b"portal"),
    )
    video = _element(0xE0, _element(0xB0, _number(width)), _element(0xBA, _number(height)))
    track = _element(
        0xAE,
        _element(0xD7, _number(_TRACK)),
        _element(0x73C5, _number(_TRACK)),
        _element(0x83, _number(1)),
        _element(0x86, b"V_VP8"),
        video,
    )
    head = info + _element(0x1654AE6B, track)
    # Every cue is as long as any other, so that places can be told before they are written.
    cue_length = len(_cues([0] * len(clusters), step))
    place, places = len(head) + cue_length, []
    for cluster in clusters:
        places.append(place)
        place += len(cluster)
    return _ebml() + _element(0x18538067, head, _cues(places, step), *clusters)


def _frame(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.convert("RGB").save(content, "WEBP", quality=70, method=2)
    webp = content.getvalue()
    at = webp.index(b"VP8 ")
    size = int.from_bytes(webp[at + 4 : at + 8], "little")
    return webp[at + 8 : at + 8 + size]


def _cluster(milliseconds: int, frame: bytes, padding: int) -> bytes:
    block = bytes([0x80 | _TRACK, 0, 0, 0x80]) + frame
    idle = _element(0xEC, bytes(padding)) if padding else b""
    return _element(0x1F43B675, _element(0xE7, _number(milliseconds)), _element(0xA3, block), idle)


def _cues(places: Sequence[int], step: int) -> bytes:
    points = []
    for number, place in enumerate(places):
        where = _element(0xB7, _element(0xF7, _number(_TRACK)), _element(0xF1, _number(place)))
        points.append(_element(0xBB, _element(0xB3, _number(number * step)), where))
    return _element(0x1C53BB6B, *points)


def _ebml() -> bytes:
    return _element(
        0x1A45DFA3,
        *(_element(name, bytes([value])) for name, value in ((0x4286, 1), (0x42F7, 1))),
        *(_element(name, bytes([value])) for name, value in ((0x42F2, 4), (0x42F3, 8))),
        _element(0x4282, b"webm"),
        *(_element(name, bytes([value])) for name, value in ((0x4287, 2), (0x4285, 2))),
    )


def _element(name: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    written = name.to_bytes((name.bit_length() + 7) // 8, "big")
    if len(content) < 0x7F:
        return written + bytes([0x80 | len(content)]) + content
    return written + b"\x01" + len(content).to_bytes(7, "big") + content


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")
