"""Plain text: readable in one encoding to its end, and no web page."""

import codecs
import re
from pathlib import Path

from portal.materials.judging.verdict import RefusedFileError, Verdict
from portal.materials.models import MaterialKind

_PIECE = 256 * 1024
_TEXTS = {"txt", "md", "text", ""}
_MARKUP = re.compile(
    r"<\s*(script|html|head|body|iframe|svg|object|embed|!doctype|\?xml|\?php)\b|<\?php|javascript:",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
UNKNOWN = "认不出这是什么文件，没有保存。请看一下允许的格式。"
PAGE = "文件的内容是网页或脚本，可能有害，没有保存。"
DRAWING = "文件的内容是 SVG 图形，里面可能藏有脚本，没有保存。请导出为 PNG 后再上传。"
# Longest piece of markup that may lie across two pieces of a file.
_OVERLAP = 64


def text(path: Path, filename: str) -> Verdict:
    """Return the verdict of a text; its name tells a table (.csv) from a document."""
    with path.open("rb") as file:
        start = file.read(4)
    for encoding in _encodings(start):
        if _is_written_in(path, encoding):
            break
    else:
        raise RefusedFileError(UNKNOWN)
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    charset = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    if ending == "csv":
        return Verdict(MaterialKind.SPREADSHEET, f"text/csv; charset={charset}", "csv")
    if ending not in _TEXTS:
        raise RefusedFileError(
            f"文件名以 .{ending[:12]} 结尾，内容却只是文字，没有保存。"
            "如果确实是文字，请改名为 .txt 后再上传。"
        )
    return Verdict(MaterialKind.DOCUMENT, f"text/plain; charset={charset}", "txt")


def _encodings(start: bytes) -> tuple[str, ...]:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")


def _is_written_in(path: Path, encoding: str) -> bool:
    """Return whether the whole file reads as text; raise RefusedFileError for a web page."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = ""
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                now = before[-_OVERLAP:] + decoder.decode(piece)
                if _CONTROLS.search(now):
                    return False
                found = _MARKUP.search(now)
                if found is not None:
                    is_drawing = "<svg" in now.lower()
                    raise RefusedFileError(DRAWING if is_drawing else PAGE)
                before = now
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
