"""A pasted list with what was answered to it: whom each line signs up, and why not. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from portal.people.name_matching import Known, Match, Verdict

GUEST = "guest"
_LONGEST_PHONE = 11


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it: its number, what the roster says, what is answered."""

    number: int
    match: Match
    answer: str

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"line-{self.number}"

    @property
    def chosen(self) -> Known | None:
        """Who is meant; only somebody the roster offers for this very line."""
        return next((one for one in self.match.people if str(one.id) == self.answer), None)

    @property
    def is_guest(self) -> bool:
        """Whether the line is to become a guest."""
        return self.answer == GUEST and self.may_be_guest

    @property
    def may_be_guest(self) -> bool:
        """Whether somebody of that name can be entered who is not on the roster."""
        asked = self.match.verdict in {Verdict.UNKNOWN, Verdict.DOUBTFUL}
        return asked and bool(self.match.written.name)

    @property
    def phone(self) -> str:
        """The phone as far as it is a whole one."""
        phone = self.match.written.phone
        return phone if len(phone) == _LONGEST_PHONE else ""


@dataclass(frozen=True)
class Answers:
    """All lines, told apart by what the roster says to them."""

    lines: Sequence[Line]
    # Those on the list of the event already, by person.
    live: Collection[int] = field(default_factory=set)

    def of(self, *verdicts: str) -> list[Line]:
        """Return the lines with one of these verdicts."""
        return [line for line in self.lines if line.match.verdict.value in verdicts]

    @property
    def companions(self) -> list[Line]:
        """Return the lines that bring somebody along without a name."""
        return [line for line in self.lines if line.match.written.besides]

    @property
    def people(self) -> list[int]:
        """Return the ids of those who are chosen, in the order of the list, each once."""
        return list(dict.fromkeys(line.chosen.id for line in self.lines if line.chosen))

    @property
    def guests(self) -> list[Line]:
        """Return the lines that are to become guests."""
        return [line for line in self.lines if line.is_guest]

    def left(self) -> list[tuple[str, str]]:
        """Return the lines nobody is signed up for, and why."""
        return [
            (line.match.written.line, _why_left(line))
            for line in self.lines
            if line.match.verdict is not Verdict.REMARK and not line.chosen and not line.is_guest
        ]


def answered(matches: Sequence[Match], given: Mapping[str, str] | None) -> Answers:
    """Return the lines with what was answered; before that, the certain are ticked."""
    lines = []
    for number, match in enumerate(matches, 1):
        usual = str(match.people[0].id) if match.verdict is Verdict.CERTAIN else ""
        answer = usual if given is None else given.get(f"line-{number}", "")
        lines.append(Line(number, match, answer))
    return Answers(lines)


def _why_left(line: Line) -> str:
    return {
        Verdict.CERTAIN: "没有勾选",
        Verdict.DOUBTFUL: "没有选是哪一位",
        Verdict.REPEATED: f"{line.match.people[0].name if line.match.people else ''}写了两次",
        Verdict.UNKNOWN: "名册里没有",
    }.get(line.match.verdict, "")
