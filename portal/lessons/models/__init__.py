"""Themed lessons: series, lessons, every version of what is written, and who moved it.

What readers see of a lesson is its published version; while there is none, the newest one,
which only those who keep the lesson see. The lesson's own row repeats what lists need.
"""

from portal.lessons.models.choices import OPEN, PUBLIC, LecturerOrigin, LessonForm, LessonState
from portal.lessons.models.lesson import Lesson, LessonMove, LessonSeries
from portal.lessons.models.version import LessonMaterial, LessonVersion, LessonWriter

__all__ = [
    "OPEN",
    "PUBLIC",
    "LecturerOrigin",
    "Lesson",
    "LessonForm",
    "LessonMaterial",
    "LessonMove",
    "LessonSeries",
    "LessonState",
    "LessonVersion",
    "LessonWriter",
]
