"""Who may: a message is read by the person to whom it was sent, and by nobody else."""

from portal.messages.models import Message
from portal.people.policies import is_administrator
from portal.people.readers import Somebody


def may_read(person: Somebody, message: Message) -> bool:
    """Only the person to whom it was sent; administrators see no business data."""
    return message.person_id == person.id and not is_administrator(person)
