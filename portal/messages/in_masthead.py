"""What the inbox adds to every page: the number of unread messages, asked with the session."""

from flask import Flask

from portal.messages.queries import unread_of_account
from portal.people import hooks


def init_app(_app: Flask) -> None:
    """Let the session of a reader know how much is unread."""
    if unread_of_account not in hooks.unread:
        hooks.unread.append(unread_of_account)
