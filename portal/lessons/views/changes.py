"""What two versions of a lesson tell differently, for the pages that compare them."""

from portal.lessons import comparison, material_queries
from portal.lessons import details as written
from portal.lessons.attachments import AttachmentChange
from portal.lessons.comparison import FieldChange
from portal.lessons.models import LessonVersion


def changes_between(before: LessonVersion, now: LessonVersion) -> list[FieldChange]:
    """Return what was written differently, then what was attached and taken off."""
    old, new = (written.words(written.of(version)) for version in (before, now))
    attached = material_queries.attachments([before, now])
    change = AttachmentChange(attached[before.id], attached[now.id])
    return [*comparison.differences(old, new, written.LABELS), *change.fields()]
