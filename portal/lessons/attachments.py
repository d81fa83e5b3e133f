"""What is attached to a version, and what became of it by the next one. Pure.

Materials are told apart by what they are, not by their titles: a file that took another's
place under the same title is one gone and one new.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from portal.lessons.comparison import Change, FieldChange, Line, Piece, shortened

MATERIALS, ORDER, COVER = "资料", "资料顺序", "封面图片"


@dataclass(frozen=True)
class Attachments:
    """The titles of a version's materials by their ids, in their order, and its cover.

    Pictures that only stand in the text are changes of the text, and so left out.
    """

    titles: Mapping[int, str]
    cover_id: int | None = None
    cover_title: str = ""


@dataclass(frozen=True)
class AttachmentChange:
    """What a version attached, took off, put into another order, or put on the cover."""

    before: Attachments
    now: Attachments

    @property
    def removed(self) -> list[str]:
        """The titles of what was taken off, in the order of the version before."""
        return [title for key, title in self.before.titles.items() if key not in self.now.titles]

    @property
    def added(self) -> list[str]:
        """The titles of what was attached, in the order of this version."""
        return [self._told(key) for key in self.now.titles if key not in self.before.titles]

    @property
    def is_reordered(self) -> bool:
        """Whether what both have stands in another order."""
        return self._kept_before() != self._kept_now()

    @property
    def has_new_cover(self) -> bool:
        """Whether the cover was changed, put on or taken away."""
        return self.before.cover_id != self.now.cover_id

    @property
    def labels(self) -> list[str]:
        """What was changed beside the materials themselves, as a list of versions names it."""
        changed = ((ORDER, self.is_reordered), (COVER, self.has_new_cover))
        return [label for label, is_changed in changed if is_changed]

    def fields(self) -> list[FieldChange]:
        """Return the changes as a comparison tells them, behind those of what is written."""
        found = []
        if self.before.titles.keys() != self.now.titles.keys():
            found.append(FieldChange("materials", MATERIALS, shortened(list(self._lines()))))
        if self.is_reordered:
            lines = _replaced(self._in_words(self._kept_before()), self._in_words(self._kept_now()))
            found.append(FieldChange("material_order", ORDER, lines))
        if self.has_new_cover:
            covers = _replaced(self.before.cover_title, self.now.cover_title)
            found.append(FieldChange("cover", COVER, covers))
        return found

    def _lines(self) -> Iterator[Line]:
        """Tell each material once: what was taken off where it stood, the others as they stand."""
        old, new = list(self.before.titles), list(self.now.titles)
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            for key in old[old_from:old_to]:
                if key not in self.now.titles:
                    yield (Piece(Change.GONE, self.before.titles[key]),)
            for key in new[new_from:new_to]:
                change = Change.SAME if key in self.before.titles else Change.NEW
                yield (Piece(change, self._told(key)),)

    def _told(self, key: int) -> str:
        """Return the title of a material; what took another's place under its title says so."""
        title = self.now.titles[key]
        is_other_file = key not in self.before.titles and title in self.removed
        return f"{title}（换了文件）" if is_other_file else title

    def _kept_before(self) -> list[int]:
        return [key for key in self.before.titles if key in self.now.titles]

    def _kept_now(self) -> list[int]:
        return [key for key in self.now.titles if key in self.before.titles]

    def _in_words(self, ids: Sequence[int]) -> str:
        return "、".join(self.now.titles[key] for key in ids)


def _replaced(before: str, now: str) -> list[Line]:
    gone = [(Piece(Change.GONE, before),)] if before else []
    new = [(Piece(Change.NEW, now),)] if now else []
    return [*gone, *new]
