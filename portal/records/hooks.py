"""Where the rooms above take part in records, without records knowing them.

Imports run down the house: cases register here what stands beside a statement (the button that
makes a case of it, the case that was made and how it stands), what may be done from a record, and
what came of a gathering for its closing summary; programmes what stands on a record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.events.models import Event
from portal.people.readers import Somebody
from portal.records.models import MeetingRecord
from portal.records.queries.statements import StatementRow


@dataclass(frozen=True)
class Beside:
    """What stands beside a statement: a link, drawn as a button where it is an act.

    `address` is a page with a real URL (an act's page has the form); `tone` is that of a badge.
    """

    words: str
    address: str
    is_act: bool = False
    tone: str = "grey"


# What stands beside each of these statements, by their ids: asked for a whole page of them at
# once, so it may cost one question to the database, however many there are.
BesideStatements = Callable[
    [Somebody, MeetingRecord, Sequence[StatementRow]], Mapping[int, Sequence[Beside]]
]


# What may be done from the pages of a record, beside writing on it: acts with a page of their own.
Acts = Callable[[Somebody, MeetingRecord], Sequence[Beside]]


@dataclass(frozen=True)
class Outcome:
    """What came of a gathering, under its heading: lines that the closing summary begins with."""

    heading: str
    lines: tuple[str, ...]


# What of a room belongs into the closing summary of the event, as far as its reader sees it.
Outcomes = Callable[[Event, Somebody], Sequence[Outcome]]


@dataclass(frozen=True)
class Panel:
    """A part of a record's page: a template, and what it needs for this record and reader.

    `context` returns None when the reader is not shown the panel; else its keys, and `record`,
    are the template's variables.
    """

    template: str
    context: Callable[[MeetingRecord, Somebody], Mapping[str, object] | None]


# Told, in the same transaction, of a record that host and recorder have confirmed.
Confirmed = Callable[[MeetingRecord], None]

beside_statements: list[BesideStatements] = []
acts: list[Acts] = []
outcomes: list[Outcomes] = []
panels: list[Panel] = []
confirmed: list[Confirmed] = []


def beside(
    reader: Somebody, record: MeetingRecord, rows: Sequence[StatementRow]
) -> dict[int, list[Beside]]:
    """Return what all rooms above put beside these statements."""
    found: dict[int, list[Beside]] = {row.id: [] for row in rows}
    if rows:
        for ask in beside_statements:
            for statement_id, offered in ask(reader, record, rows).items():
                found[statement_id].extend(offered)
    return found


def acts_on(reader: Somebody, record: MeetingRecord) -> list[Beside]:
    """Return what the rooms above offer to do from the pages of this record."""
    return [offered for ask in acts for offered in ask(reader, record)]
