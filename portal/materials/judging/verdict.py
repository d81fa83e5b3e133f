"""What is said of a file: a verdict, or the sentence that refuses it."""

from dataclasses import dataclass
from pathlib import Path

from portal.errors import InvalidInputError
from portal.materials.models import MaterialKind

# What pages name before the upload, and the endings that file pickers offer.
KINDS_TAKEN: dict[MaterialKind, tuple[str, ...]] = {
    MaterialKind.DOCUMENT: ("pdf", "docx", "doc", "wps", "odt", "ofd", "txt"),
    MaterialKind.SLIDES: ("pptx", "ppt", "dps", "odp"),
    MaterialKind.SPREADSHEET: ("xlsx", "xls", "et", "ods", "csv"),
    MaterialKind.PICTURE: ("jpg", "png", "gif", "webp", "bmp"),
    MaterialKind.AUDIO: ("mp3", "m4a", "wav", "ogg", "flac"),
    MaterialKind.VIDEO: ("mp4", "webm"),
}

EMPTY = "文件是空的（0 字节），没有保存。请检查原文件后再试。"
BROKEN = "文件已损坏或不完整，打不开，没有保存。请检查原文件后再试。"
MIXED = "文件里藏有网页或脚本代码，可能有害，没有保存。"
MACROS = "文件里带有宏（程序），没有保存。请另存为不带宏的格式后再上传。"
PASSWORD = "文件有密码，别人打不开，没有保存。请去掉密码后再上传。"  # noqa: S105


class RefusedFileError(InvalidInputError):
    """The file is not taken; the sentence says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(frozen=True)
class Verdict:
    """What a file is. `remade` is the picture made anew, to be kept in its place."""

    kind: MaterialKind
    media_type: str
    extension: str
    width: int | None = None
    height: int | None = None
    remade: Path | None = None
