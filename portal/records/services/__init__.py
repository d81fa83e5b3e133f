"""Keeping records: begun, written, confirmed by two, added to; statements, votes, resolutions."""

from portal.records.services.confirming import (
    add,
    confirm_as_host,
    confirm_as_recorder,
    missing,
)
from portal.records.services.deciding import (
    Ballot,
    enter_vote,
    remove_resolution,
    remove_vote,
    report,
    resolve,
)
from portal.records.services.preparing import into_agenda, prepare
from portal.records.services.saying import Said, read_back, supplement, take_down
from portal.records.services.summing_up import (
    drop_draft,
    first_words,
    save_draft,
    seen_text,
    sum_up,
)
from portal.records.services.templating import PARTS, keep_template, remove_template
from portal.records.services.writing import FIELDS, begin, save, seen, words

__all__ = [
    "FIELDS",
    "PARTS",
    "Ballot",
    "Said",
    "add",
    "begin",
    "confirm_as_host",
    "confirm_as_recorder",
    "drop_draft",
    "enter_vote",
    "first_words",
    "into_agenda",
    "keep_template",
    "missing",
    "prepare",
    "read_back",
    "remove_resolution",
    "remove_template",
    "remove_vote",
    "report",
    "resolve",
    "save",
    "save_draft",
    "seen",
    "seen_text",
    "sum_up",
    "supplement",
    "take_down",
    "words",
]
