"""What was sent comes back when it was refused for no fault of its own, to be sent again.

The session had ended, the page was too old, the database was busy: the answer carries the
fields as they were sent, and a button. Only what a page of ours sent is given back, or
another site's form would gain a valid token here; passwords never are.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: where to, and its fields without the token."""

    address: str
    fields: list[tuple[str, str]]

    @property
    def written(self) -> list[str]:
        """What somebody has put into words, to be read or copied from the page."""
        return [value for _, value in self.fields if not value.isascii() or " " in value.strip()]


def what_was_sent() -> Sent | None:
    """Return the form of this request; None where there is none that may be given back."""
    if request.method != "POST" or request.files or not _is_from_here():
        return None
    fields = [item for item in request.form.items(multi=True) if item[0] != "csrf_token"]
    if not fields or any("password" in name for name, _ in fields):
        return None
    return Sent(request.full_path.rstrip("?"), fields)


def _is_from_here() -> bool:
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.host
