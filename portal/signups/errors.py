"""What the sign-up room refuses; each message is the sentence the reader sees."""

from portal.errors import ConflictError, InvalidInputError


class SignupRefusedError(ConflictError):
    """The event, as it stands now, does not take this sign-up or this step."""


class AlreadySignedUpError(SignupRefusedError):
    """The person is on the list already; nothing was changed."""


class NotAdmittedError(SignupRefusedError):
    """The event is not meant for this person."""


class AnswerRefusedError(InvalidInputError):
    """An answer that somebody gave for another person cannot be taken; names both."""

    def __init__(self, error: InvalidInputError, person_id: int) -> None:
        super().__init__(error.message, field=error.field)
        self.person_id = person_id
