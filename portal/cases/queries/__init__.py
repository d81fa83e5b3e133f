"""Questions about cases."""

from portal.cases.queries.before import (
    AskedBefore,
    asked_before,
    may_have_been_asked,
    standing,
)
from portal.cases.queries.boards import (
    Column,
    DueDay,
    Waiting,
    board,
    due_days,
    due_on,
    waiting_for,
)
from portal.cases.queries.cases import (
    SEARCH_KIND,
    UNKNOWN,
    attached,
    case,
    case_seen_by,
    cases_made_of,
    cases_with,
    find_asked_by,
    find_by_code,
    find_link,
    find_open_to,
    is_in_charge,
    readable_ids,
    saved_filters,
    steps_of,
)
from portal.cases.queries.choices import (
    InCharge,
    own_organisations,
    possible_leads,
    possible_people,
)
from portal.cases.queries.limits import calendar_since, limits_for, written_limits
from portal.cases.queries.listed import ListedCase, rows
from portal.cases.queries.lists import IS_OPEN, cases_to_export, of_event, page_of_list
from portal.cases.queries.opened import community_of, open_to, readable_to_reader
from portal.cases.queries.similar import Related, related, similar
from portal.cases.queries.visible import visible_to, visible_to_reader

__all__ = [
    "IS_OPEN",
    "SEARCH_KIND",
    "UNKNOWN",
    "AskedBefore",
    "Column",
    "DueDay",
    "InCharge",
    "ListedCase",
    "Related",
    "Waiting",
    "asked_before",
    "attached",
    "board",
    "calendar_since",
    "case",
    "case_seen_by",
    "cases_made_of",
    "cases_to_export",
    "cases_with",
    "community_of",
    "due_days",
    "due_on",
    "find_asked_by",
    "find_by_code",
    "find_link",
    "find_open_to",
    "is_in_charge",
    "limits_for",
    "may_have_been_asked",
    "of_event",
    "open_to",
    "own_organisations",
    "page_of_list",
    "possible_leads",
    "possible_people",
    "readable_ids",
    "readable_to_reader",
    "related",
    "rows",
    "saved_filters",
    "similar",
    "standing",
    "steps_of",
    "visible_to",
    "visible_to_reader",
    "waiting_for",
    "written_limits",
]
