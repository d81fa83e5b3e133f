"""What the sign-up room refuses; each message is the sentence the reader sees."""

from portal.errors import ConflictError


class SignupRefusedError(ConflictError):
    """The event, as it stands now, does not take this sign-up or this step."""


class AlreadySignedUpError(SignupRefusedError):
    """The person is on the list already; nothing was changed."""


class NotAdmittedError(SignupRefusedError):
    """The event is not meant for this person."""
