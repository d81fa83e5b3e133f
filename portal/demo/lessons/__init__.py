"""The lessons of the demo: what they say, and how they came to be published."""

from portal.demo.lessons.life import lesson_acts
from portal.demo.lessons.plan import LESSONS

__all__ = ["LESSONS", "lesson_acts"]
