"""Changes to questionnaires and templates, and taking an answer in."""

from portal.feedback.services.answering import answer, dismiss
from portal.feedback.services.asking import ask, stop
from portal.feedback.services.closing import forget_marks
from portal.feedback.services.templates import change_template, remove_template, write_template

__all__ = [
    "answer",
    "ask",
    "change_template",
    "dismiss",
    "forget_marks",
    "remove_template",
    "stop",
    "write_template",
]
