"""Access levels: each view names its own; a test fails on a view that names none.

`public` needs nobody, `signed_in` needs a session, `allowed(policy)` needs a session and a
policy about the reader alone. What depends on an object is asked inside the view with
`require`, once the object is known.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from portal.errors import ForbiddenError
from portal.people.models import Person
from portal.people.readers import Reader
from portal.people.session import Visitor, visitor
from portal.web.errors import SignInRequired

View = Callable[..., Any]


def current_reader() -> Reader:
    """Return who is signed in, as policies and queries take it; raise SignInRequired."""
    return _visitor().reader


def current_person() -> Person:
    """Return the signed-in person, to write down as who acts; raise SignInRequired.

    The first time it is asked for, a statement loads it: pages that only read need it not.
    """
    return _visitor().person


def _visitor() -> Visitor:
    found = visitor()
    if found is None:
        raise SignInRequired
    return found


def public(view: View) -> View:
    """Anybody may open it."""
    return _marked(view, "public")


def signed_in(view: View) -> View:
    """Whoever is signed in may open it; the view asks for more where an object decides."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        current_reader()
        return view(*args, **kwargs)

    return _marked(guarded, "signed_in")


def allowed(policy: Callable[[Reader], bool]) -> Callable[[View], View]:
    """Only those whom the policy lets in, whatever the object."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(policy(current_reader()))
            return view(*args, **kwargs)

        return _marked(guarded, policy.__name__)

    return decorate


def require(permitted: bool, message: str = "您没有办理这件事的权限。") -> None:
    """Raise ForbiddenError unless a policy said yes."""
    if not permitted:
        raise ForbiddenError(message)


def _marked(view: View, level: str) -> View:
    view.access_level = level  # type: ignore[attr-defined]
    return view
