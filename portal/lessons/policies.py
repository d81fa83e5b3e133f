"""Who may: pure predicates over a person and a lesson.

Those who run events for the lesson's organisation, or for one above it, keep the lesson: they
see it in every state and write it. Everybody else reads what has been published. A community
secretary or the office above publishes, and never somebody who wrote in that version. The
three administrators see no business data.
"""

from collections.abc import Collection

from portal.lessons.models import Lesson, LessonSeries, LessonState
from portal.people.models import Organisation, Role
from portal.people.policies import HOSTS, holds, is_administrator, is_host_somewhere
from portal.people.readers import Somebody

# Those who answer for what is taught (DOMAIN 2.9: written and published by two people).
REVIEWERS = frozenset({Role.COMMUNITY_SECRETARY, Role.OFFICE})


def may_read(person: Somebody) -> bool:
    """Whoever has business with events reads lessons."""
    return not is_administrator(person)


def may_write(person: Somebody) -> bool:
    """Those who run events for any organisation write lessons."""
    return is_host_somewhere(person) and not is_administrator(person)


def may_keep_for(person: Somebody, organisation: Organisation) -> bool:
    """Only in one's own part of the tree may lessons and series be kept."""
    return holds(person, HOSTS, organisation) and not is_administrator(person)


def may_keep(person: Somebody, thing: Lesson | LessonSeries) -> bool:
    """Those who run events for the organisation whose lesson or series it is."""
    return may_keep_for(person, thing.organisation)


def may_see(person: Somebody, lesson: Lesson) -> bool:
    """Everybody with business once it is published; before that those who keep it."""
    return may_read(person) and (lesson.is_public or may_keep(person, lesson))


def may_review_for(person: Somebody, organisation: Organisation) -> bool:
    """A community secretary over the organisation, or the office above it."""
    return holds(person, REVIEWERS, organisation) and not is_administrator(person)


def may_review(person: Somebody, lesson: Lesson, writer_ids: Collection[int]) -> bool:
    """Who answers for what is taught, unless that person wrote in the version."""
    return may_review_for(person, lesson.organisation) and person.id not in writer_ids


def may_give(person: Somebody, lesson: Lesson) -> bool:
    """Whoever runs events gives any lesson that is published now."""
    return may_write(person) and lesson.state is LessonState.PUBLISHED
