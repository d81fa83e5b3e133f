"""Access levels: each view names its own; a test fails on a view that names none.

`public` needs nobody, `signed_in` needs a session, `allowed(policy)` needs a session and a
policy about the reader alone. What depends on an object is asked inside the view with
`require`, once the object is known.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask_login import current_user

from portal.errors import ForbiddenError
from portal.people.models import Person
from portal.web.errors import SignInRequired

View = Callable[..., Any]


def current_person() -> Person:
    """Return the signed-in person; raise SignInRequired when there is none."""
    if not current_user.is_authenticated:
        raise SignInRequired
    return cast(Person, current_user.person)


def public(view: View) -> View:
    """Anybody may open it."""
    return _marked(view, "public")


def signed_in(view: View) -> View:
    """Whoever is signed in may open it; the view asks for more where an object decides."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        current_person()
        return view(*args, **kwargs)

    return _marked(guarded, "signed_in")


def allowed(policy: Callable[[Person], bool]) -> Callable[[View], View]:
    """Only those whom the policy lets in, whatever the object."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            require(policy(current_person()))
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
