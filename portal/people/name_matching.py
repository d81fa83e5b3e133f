"""Entries of a pasted list and the roster: who is meant for certain, who is to be asked. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from portal.people.naming import pinyin_key
from portal.people.pasted_lists import Written

MOST_CANDIDATES = 6
_WHOLE_PHONE = 11
_SYLLABLES = re.compile(r"[a-z]+")
# What people write behind a name to say that they come.
_COMES = re.compile(r"(?:参加|报名|参会|能来|会来|到场|来)$")


class Known(NamedTuple):
    """Somebody on the roster, as far as it takes to tell people apart."""

    id: int
    name: str
    phone: str
    unit: str


class Verdict(StrEnum):
    """What the roster says to an entry."""

    CERTAIN = "certain"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"
    REPEATED = "repeated"
    # No name at all, as far as anybody can tell: a heading, a date, a remark.
    REMARK = "remark"


@dataclass(frozen=True)
class Match:
    """An entry, what the roster says to it, who may be meant, and why it is asked."""

    written: Written
    verdict: Verdict
    people: Sequence[Known] = ()
    why: str = ""


class Roster:
    """The people within somebody's reach, found by name, phone, and what sounds or looks alike."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by_name: dict[str, list[Known]] = {}
        self._by_phone: dict[str, list[Known]] = {}
        for one in people:
            self._by_name.setdefault(one.name, []).append(one)
            if one.phone:
                self._by_phone.setdefault(one.phone, []).append(one)

    def called(self, name: str) -> list[Known]:
        """Return who bears exactly this name, or bears it once "参加" is taken off its end."""
        return self._by_name.get(name) or self._by_name.get(_COMES.sub("", name), [])

    def at(self, phone: str) -> list[Known]:
        """Return who has this whole phone number."""
        return self._by_phone.get(phone, [])

    def similar(self, name: str) -> list[Known]:
        """Return whose name sounds like it, differs in one character of three, or begins it."""
        names = {
            *self._sounds.get(_sound(name), ()),
            *(other for blank in _blanks(name) for other in self._one_off.get(blank, ())),
            *(name[:end] for end in range(2, len(name)) if name[:end] in self._by_name),
        }
        return [one for other in sorted(names) for one in self._by_name[other]][:MOST_CANDIDATES]

    @cached_property
    def _sounds(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._by_name:
            found.setdefault(_sound(name), []).append(name)
        return found

    @cached_property
    def _one_off(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._by_name:
            for blank in _blanks(name):
                found.setdefault(blank, []).append(name)
        return found


def match(entries: Sequence[Written], roster: Roster) -> list[Match]:
    """Return what the roster says to each entry, in their order; nobody is certain twice."""
    found, seen = [], set[int]()
    for entry in entries:
        one = _matched(entry, roster)
        if one.verdict is Verdict.CERTAIN:
            (person,) = one.people
            if person.id in seen:
                one = Match(entry, Verdict.REPEATED, one.people)
            seen.add(person.id)
        found.append(one)
    return found


def _matched(entry: Written, roster: Roster) -> Match:
    whole = entry.phone if len(entry.phone) == _WHOLE_PHONE else ""
    if not entry.name:
        return _of_phone(entry, roster.at(whole) if whole else [])
    called = roster.called(entry.name)
    if called:
        return _of_name(entry, called)
    reached = roster.at(whole) if whole else []
    if reached:
        return Match(entry, Verdict.DOUBTFUL, reached, "手机号码是名册里另一个名字的")
    if not (entry.is_sure or whole):
        return Match(entry, Verdict.REMARK)
    similar = roster.similar(entry.name)
    if similar:
        return Match(entry, Verdict.DOUBTFUL, similar, "名册里没有这个名字，有相近的")
    return Match(entry, Verdict.UNKNOWN)


def _of_phone(entry: Written, reached: Sequence[Known]) -> Match:
    if len(reached) == 1:
        return Match(entry, Verdict.CERTAIN, reached)
    if reached:
        return Match(entry, Verdict.DOUBTFUL, reached, "这个号码是几个人的")
    return Match(entry, Verdict.UNKNOWN if entry.phone else Verdict.REMARK)


def _of_name(entry: Written, called: Sequence[Known]) -> Match:
    """Let phone and unit decide between namesakes; what contradicts the roster is asked."""
    fitting = [one for one in called if one.phone.endswith(entry.phone)]
    if entry.phone and not fitting:
        if len(called) == 1 and not called[0].phone:
            return Match(entry, Verdict.CERTAIN, called)
        return Match(entry, Verdict.DOUBTFUL, called, "手机号码和名册里的不同")
    if len(fitting) > 1:
        of_unit = [one for one in fitting if _is_of(one.unit, entry.remark)]
        fitting = of_unit if len(of_unit) == 1 else fitting
    if len(fitting) == 1:
        return Match(entry, Verdict.CERTAIN, fitting)
    return Match(entry, Verdict.DOUBTFUL, fitting, f"名册里有 {len(fitting)} 人同名")


def _is_of(unit: str, remark: str) -> bool:
    """Whether a remark names the unit: as a part of it, or it as a part of the remark."""
    shortest = 2
    words = [word for word in remark.split() if len(word) >= shortest]
    return bool(unit) and any(word in unit or unit in word for word in words)


def _sound(name: str) -> str:
    """Return a name's syllables without tones; a name of other letters sounds like itself."""
    return " ".join(
        found[0] if (found := _SYLLABLES.findall(part)) else part
        for part in pinyin_key(name).split()
    )


def _blanks(name: str) -> Iterator[str]:
    """Yield a name of three characters or more with each of them left out in turn."""
    if len(name) > 2:  # two characters that differ in one have little in common
        for place in range(len(name)):
            yield f"{name[:place]}*{name[place + 1 :]}"
