"""Questions about study hours."""

from portal.hours.queries.certificates import (
    Checked,
    Line,
    certificate,
    checked,
    latest_certificate,
    lines_of,
    whole_person,
)
from portal.hours.queries.concerned import (
    people_of_event,
    people_of_rule,
    rolls_to_count,
    years_of_event,
)
from portal.hours.queries.entries import (
    Credited,
    Given,
    changes_of,
    credited,
    entries_of,
    given,
    has_entry,
    own_entry,
)
from portal.hours.queries.facts import conversions, facts_of, paths_of, thresholds
from portal.hours.queries.members import Member, last_day, members, standing_of
from portal.hours.queries.rules import rule, rules_above, thresholds_above
from portal.hours.queries.trainings import (
    events_attended_on,
    readable_ids,
    training,
    training_to_change,
    trainings_of,
    twin_of,
    waiting_for,
    with_file,
)

__all__ = [
    "Checked",
    "Credited",
    "Given",
    "Line",
    "Member",
    "certificate",
    "changes_of",
    "checked",
    "conversions",
    "credited",
    "entries_of",
    "events_attended_on",
    "facts_of",
    "given",
    "has_entry",
    "last_day",
    "latest_certificate",
    "lines_of",
    "members",
    "own_entry",
    "paths_of",
    "people_of_event",
    "people_of_rule",
    "readable_ids",
    "rolls_to_count",
    "rule",
    "rules_above",
    "standing_of",
    "thresholds",
    "thresholds_above",
    "training",
    "training_to_change",
    "trainings_of",
    "twin_of",
    "waiting_for",
    "whole_person",
    "with_file",
    "years_of_event",
]
