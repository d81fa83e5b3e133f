"""Questions about one lesson, its versions and its series."""

from portal.lessons.queries.history import (
    find_shown_to,
    is_shown,
    moves,
    newest,
    shown,
    shown_and_newest,
    version,
    version_before,
    versions,
)
from portal.lessons.queries.lessons import (
    SEARCH_KIND,
    lesson,
    lesson_seen_by,
    lesson_to_change,
    visible_below,
    visible_to,
)
from portal.lessons.queries.references import (
    all_series,
    following,
    persons_named,
    routes_to_choose,
    series,
    series_to_choose,
    stops,
)
from portal.lessons.queries.reviewing import Waiting, reviewers, waiting_for
from portal.lessons.queries.told import lesson_to_read, shown_and_newest_to_read, writer_ids

__all__ = [
    "SEARCH_KIND",
    "Waiting",
    "all_series",
    "find_shown_to",
    "following",
    "is_shown",
    "lesson",
    "lesson_seen_by",
    "lesson_to_change",
    "lesson_to_read",
    "moves",
    "newest",
    "persons_named",
    "reviewers",
    "routes_to_choose",
    "series",
    "series_to_choose",
    "shown",
    "shown_and_newest",
    "shown_and_newest_to_read",
    "stops",
    "version",
    "version_before",
    "versions",
    "visible_below",
    "visible_to",
    "waiting_for",
    "writer_ids",
]
