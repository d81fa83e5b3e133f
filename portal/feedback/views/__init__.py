"""Pages of feedback; all hang on the blueprint `feedback`."""

from portal.feedback.views import answering, hosting, templates
from portal.feedback.views.blueprint import bp

__all__ = ["answering", "bp", "hosting", "templates"]
