"""Names of files, as strangers write them and as we keep them."""

import re
import unicodedata

from portal.materials.models import LONGEST_FILENAME, LONGEST_TITLE

UNNAMED = "未命名"
# Control characters, and marks that turn the direction of writing (a false ending is hidden so).
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_LONGEST_ENDING = 8


def kept_name(sent: str | None) -> str:
    """Return the name without folders and unseen characters, shortened before its ending."""
    name = unicodedata.normalize("NFC", _UNSEEN.sub("", sent or ""))
    name = re.split(r"[/\\]", name)[-1]
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub("_", name)).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[:LONGEST_FILENAME] or UNNAMED
    return f"{stem[: LONGEST_FILENAME - len(ending) - 1] or UNNAMED}.{ending}"


def title_of(name: str) -> str:
    """Return what a file is called in the library until somebody says better."""
    stem, dot, ending = name.rpartition(".")
    has_ending = bool(dot) and ending.isascii() and len(ending) <= _LONGEST_ENDING
    return (stem if has_ending else name)[:LONGEST_TITLE].strip() or UNNAMED


def download_name(title: str, extension: str) -> str:
    """Return the name that a downloaded file bears."""
    stem = _FORBIDDEN.sub("_", re.sub(r"[/\\]", "_", _UNSEEN.sub("", title))).strip(" .")
    return f"{stem or UNNAMED}.{extension}"
