"""Errors of the domain: what a rule of the house refuses, in words for the reader.

Pure Python: rooms raise these, `portal.web.errors` alone decides which page and which
status they become. The message is the Chinese sentence the reader sees.
"""


class PortalError(Exception):
    """A rule was broken; `message` is the Chinese sentence that says which."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFoundError(PortalError):
    """What was asked for does not exist, or must not be known to the reader."""


class ForbiddenError(PortalError):
    """The reader may not do this, though it exists."""


class ConflictError(PortalError):
    """The thing has changed, or is in a state that does not allow this step."""


class InvalidInputError(PortalError):
    """Something typed breaks a rule; `field` names the input it belongs beside."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class ConfigurationError(PortalError):
    """The portal cannot start with these settings."""
