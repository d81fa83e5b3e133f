"""What the feedback room refuses; each message is the sentence the reader sees."""

from portal.errors import ConflictError


class FeedbackClosedError(ConflictError):
    """The questionnaire takes no answers now."""


class AlreadyAnsweredError(ConflictError):
    """The person has answered; the second answer was not counted."""


class QuestionsChangedError(ConflictError):
    """The host chose other questions while the form was open."""
