"""Answers whose body is written when nobody waits for the database any more.

Putting a page into words takes as long as the whole change that it tells of. Within
`unwritten()` a page is only noted down; `finished` puts it into words, which `@writes` does
after the commit, when the next writer has already begun.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import Response

_wait: ContextVar[bool] = ContextVar("pages_wait", default=False)


class Page(Response):
    """An HTML answer; until it is `finished` it may have no body yet."""

    _body: Callable[[], str] | None = None

    def is_written_later(self, body: Callable[[], str]) -> None:
        """Take the body from `body`: at once, or within `unwritten()` when it is finished."""
        self._body = body
        if not _wait.get():
            self.finish()

    def finish(self) -> None:
        """Put the page into words, if that was not done."""
        if self._body is not None:
            body, self._body = self._body, None
            self.set_data(body())


@contextmanager
def unwritten() -> Iterator[None]:
    """Let pages that are made inside wait for `finished`."""
    token = _wait.set(True)
    try:
        yield
    finally:
        _wait.reset(token)


def finished(response: Response) -> Response:
    """Return the answer with its body."""
    if isinstance(response, Page):
        response.finish()
    return response
