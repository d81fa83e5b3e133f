"""The lessons of the demo: what they say, and how they came to be published."""

from portal.demo.lessons.exercise import exercise_acts
from portal.demo.lessons.life import lesson_acts
from portal.demo.lessons.plan import LESSONS

__all__ = ["LESSONS", "exercise_acts", "lesson_acts"]
