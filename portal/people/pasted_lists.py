"""Names out of text that somebody pastes: a list, or what a group has typed in turn (接龙). Pure.

A name is only ever what stands in a line. Whatever is no name, or may be a remark, is kept as
written: the roster decides whether it names somebody, and the rest is shown to the reader.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.people.characters import is_han
from portal.people.naming import MIDDLE_DOT, name_fault, plain_text, written_name

_SHORTEST_TAIL = 4
_LONGEST_HAN_NAME = 4
# What is a date, an hour or a number of things begins with a number too, and is no place in a list.
_NUMBER = re.compile(
    r"^[(\[]?\s*(?P<number>\d{1,3})\s*(?:[)\]]|号(?=[.、:,\s]))?"
    r"(?:\s*[.、:,)。\-]+\s*(?!\d(?!\d{10}))|\s+|(?=[^\W\d_]))"
    r"(?![月日号点时分年位个人名届楼栋期组元度次届:])"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1\d{2}[\s-]?\d{4}[\s-]?\d{4})(?!\d)")
_TAIL = re.compile(r"(?:尾号|手机|电话)?\s*:?\s*(?<![\d+])(\d{4,12})(?=\s|$|[)\]】])")
_BESIDES = re.compile(r"\+\s*(\d{1,2})(?!\d)\s*人?")
_LABEL = re.compile(r"(?:姓名|名字|联系人|参加人|参会人)\s*[:：]\s*")
_PARTS = re.compile(r"[,，;；、\t/|]+")
_BRACKETS = re.compile(r"[(\[【〔](.*?)[)\]】〕]")
_HEADING = re.compile(
    r"接龙|报名|名单|活动|会议|时间|地点|截止|通知|主题|学习|参观|如下|谢谢|收到|例[:：]|姓名|[:：]$"
)
_UNIT = re.compile(r"(?:支部|党委|党组|总支|社区|街道|小区|网格|公司|单位|中心|物业|学校|居委会)$")


@dataclass(frozen=True)
class Written:
    """One entry as written: `line` as it was typed, and what in it may be a name and a phone.

    `is_sure` tells that the place of the words makes them a name; otherwise they are one only
    if the roster knows somebody called exactly so. `besides` is how many come with the person,
    without a name ("+1").
    """

    line: str
    name: str
    phone: str = ""
    remark: str = ""
    besides: int = 0
    is_sure: bool = True


def written_in(text: str) -> list[Written]:
    """Return the entries of a pasted text in their order; never raises.

    Where lines are numbered, the numbered ones are the list and the first words behind the
    number are the name. Where none is, each line or part of one is.
    """
    lines = [(line, _plain(line)) for line in text.splitlines()]
    lines = [(line.strip(), plain) for line, plain in lines if plain]
    numbered = [bool(_NUMBER.match(plain)) for _line, plain in lines]
    is_numbered = sum(numbered) * 2 > len(lines) or ("接龙" in text and any(numbered))
    found: list[Written] = []
    for (line, plain), has_number in zip(lines, numbered, strict=True):
        if has_number:
            found += _numbered(line, _NUMBER.sub("", plain, count=1))
        else:
            found += _plain_entries(line, plain, is_list=not is_numbered)
    return found


def is_like_a_name(words: str) -> bool:
    """Return whether words look like a name: Chinese of two to four, dotted, or Latin."""
    if name_fault(words) is not None or _UNIT.search(words):
        return False
    if all(is_han(mark) for mark in words):
        return len(words) <= _LONGEST_HAN_NAME
    if MIDDLE_DOT in words:
        return all(is_han(mark) or mark == MIDDLE_DOT for mark in words)
    return words.isascii() and len(words) > 1


def _plain(line: str) -> str:
    """Return a line in the portal's spelling, without pictures; ① and 1️⃣ are numbers."""
    marks = []
    for mark in line:
        kind = unicodedata.category(mark)
        if kind == "No" and (number := unicodedata.numeric(mark)) == int(number):
            marks.append(f" {int(number)}. ")
        elif kind in {"So", "Sk", "Me", "Cs", "Co", "Cn"} and not is_han(plain_text(mark) or " "):
            marks.append(" ")
        elif kind == "Nd" and not mark.isascii():
            marks.append(str(unicodedata.digit(mark)))
        else:
            marks.append(mark)
    return plain_text("".join(marks))


def _numbered(line: str, rest: str) -> Iterator[Written]:
    """Yield the entry behind a number; further parts are names only if the roster says so."""
    parts = [part.strip() for part in _PARTS.split(rest) if part.strip()]
    if not parts:
        return
    whole = _entry(line, " ".join(parts), first=parts[0])
    if whole is not None:
        yield replace(whole, is_sure=not _UNIT.search(whole.name))
    else:
        yield Written(line, "", remark=rest, is_sure=False)
    for part in parts[1:]:
        name = written_name(_PHONE.sub(" ", part)).name
        if is_like_a_name(name):
            yield Written(line, name, is_sure=False)


def _plain_entries(line: str, plain: str, *, is_list: bool) -> Iterator[Written]:
    """Yield the entries of a line without a number; beside numbered ones it is a remark."""
    if not is_list or (_HEADING.search(plain) and not _LABEL.search(plain)):
        name = written_name(plain).name
        yield Written(line, name if is_like_a_name(name) else "", remark=plain, is_sure=False)
        return
    pending: Written | None = None
    for part in _names_apart(plain):
        entry = _entry(line, part, first=part)
        if entry is None:
            entry = Written(line, "", remark=part, is_sure=False)
        if pending is not None and (not entry.name or _UNIT.search(entry.name)):
            # A phone or a remark behind its comma belongs to the name before it.
            pending = Written(
                pending.line,
                pending.name,
                pending.phone or entry.phone,
                " ".join(filter(None, (pending.remark, entry.name, entry.remark))),
                pending.besides or entry.besides,
                pending.is_sure,
            )
            continue
        if pending is not None:
            yield pending
        pending = entry
    if pending is not None:
        yield pending


def _names_apart(plain: str) -> Iterator[str]:
    """Yield the parts of a line: between commas, and between spaces where all are names."""
    for part in _PARTS.split(plain):
        words = part.split()
        if len(words) > 1 and all(len(word) > 1 and _is_han_name(word) for word in words):
            yield from words
        elif words:
            yield part.strip()


def _is_han_name(word: str) -> bool:
    return all(is_han(mark) for mark in word) and len(word) < _LONGEST_HAN_NAME


def _entry(line: str, words: str, *, first: str) -> Written | None:
    """Return the entry that words make, its name standing in `first`; None where there is none."""
    phone = _PHONE.search(words)
    digits = re.sub(r"\D", "", phone[1]) if phone else ""
    besides = _BESIDES.search(_PHONE.sub(" ", words))
    bare = _LABEL.sub("", _PHONE.sub(" ", _BESIDES.sub(" ", first)))
    if not digits and (tail := _TAIL.search(_BESIDES.sub(" ", words))):
        digits, bare = tail[1], _TAIL.sub(" ", bare)
    remarks = _BRACKETS.findall(bare)
    name, behind, is_sure = _name_and_rest(_BRACKETS.sub(" ", bare).strip(" .:-—~*·。!！"))
    if not name and not phone:
        return None
    return Written(
        line,
        name,
        digits,
        " ".join(filter(None, (behind, *remarks))),
        int(besides[1]) if besides else 0,
        is_sure,
    )


def _name_and_rest(words: str) -> tuple[str, str, bool]:
    """Return the name with which the words begin, what stands behind it, whether it is sure."""
    whole = written_name(words).name
    if is_like_a_name(whole) and (" " not in words or _is_spaced(words)):
        return whole, "", True
    head, _, rest = words.partition(" ")
    head, colon, behind = head.partition(":")
    name = written_name(head).name
    rest = f"{behind} {rest}".strip() if colon else rest.strip()
    if is_like_a_name(name):
        return name, rest, True
    return ("" if name_fault(name) else name), (words if name_fault(name) else rest), not words


def _is_spaced(words: str) -> bool:
    """Whether spaces only stretch one name: 张 三, or words of Latin letters."""
    parts = words.split()
    return words.isascii() or (len(parts) > 1 and all(len(part) == 1 for part in parts))
