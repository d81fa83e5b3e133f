"""Pages of the inbox; all hang on the blueprint `messages`."""

from portal.messages.views import inbox
from portal.messages.views.blueprint import bp

__all__ = ["bp", "inbox"]
