"""Names of files and folders within an archive: fit for every file system, never twice."""

import re
import unicodedata

LONGEST = 60
_UNFIT = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


def fit(text: str) -> str:
    """Return the text as the name of one file or folder, at most LONGEST characters."""
    plain = _UNFIT.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    stem, dot, extension = plain.rpartition(".")
    if dot and stem and len(extension) <= 5:
        plain = f"{stem[: LONGEST - len(extension) - 1].rstrip(' .')}.{extension}"
    else:
        plain = plain[:LONGEST].rstrip(" .")
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain


class Given:
    """The names given so far; whoever comes second with a name gets a number."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def give(self, folder: str, name: str) -> str:
        """Return the path of a file that has not been given yet."""
        place, wanted = fit(folder), fit(name)
        stem, dot, extension = wanted.rpartition(".")
        path, number = f"{place}/{wanted}", 1
        while path.casefold() in self._names:
            number += 1
            again = f"{stem}（{number}）.{extension}" if dot else f"{wanted}（{number}）"
            path = f"{place}/{again}"
        self._names.add(path.casefold())
        return path
