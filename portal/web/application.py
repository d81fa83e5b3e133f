"""Flask as the portal needs it: what is the same for every request is worked out once.

Nothing here knows a room. Each part replaces one that Flask and Jinja let an application
replace; what it saves is in docs/performance.md.
"""

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from time import time
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.templating import Environment
from itsdangerous import URLSafeTimedSerializer
from jinja2 import Template

# Stands for a number in an address while its pattern is made: longer than any id.
_STAND_IN = 9_000_000_000
_NUMBERS = frozenset({int})
_PLAIN = frozenset({str, int, bool, type(None)})
_MOST_COOKIES = 4_096


def vary_on(response: Response, name: str) -> None:
    """Say that the answer depends on this header of the request."""
    before = response.headers.get("Vary")
    if before is None:
        response.headers["Vary"] = name
    elif name not in before:
        response.headers["Vary"] = f"{before}, {name}"


class Templates(Environment):
    """Templates that share the environment's own names instead of each having a copy.

    Each is looked for once, unless they are looked at again for changes.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._found: dict[str, Template] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  Jinja's own name
    ) -> Template:
        """Return a template by its name; raise TemplateNotFound."""
        if self.auto_reload or globals is not None or not isinstance(name, str):
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent)
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the names of a template; Jinja's chain of maps is slow to copy and compare."""
        return self.globals if d is None else super().make_globals(d)


class Cookies(URLSafeTimedSerializer):
    """Signed cookies; the signature of one that comes again has been looked at before.

    Only what holds plain values is kept: a list might be changed by whoever reads it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._known = lru_cache(maxsize=_MOST_COOKIES)(self._opened)

    def loads(  # type: ignore[override]  # itsdangerous' own, which overrides one without an age
        self,
        s: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,
        salt: str | bytes | None = None,
    ) -> Any:
        """Return what was signed; raise BadSignature where it was not, or is older than that."""
        known = None if return_timestamp or salt else self._known(s)
        if known is None or (max_age is not None and not 0 <= time() - known[1] <= max_age):
            return super().loads(s, max_age, return_timestamp, salt)
        return dict(known[0])

    def _opened(self, signed: str | bytes) -> tuple[dict[str, Any], float] | None:
        held, signed_at = super().loads(signed, return_timestamp=True)
        is_plain = isinstance(held, dict) and _PLAIN.issuperset(map(type, held.values()))
        return (held, signed_at.timestamp()) if is_plain else None


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, its signer made once for a key."""

    def __init__(self) -> None:
        self._signers: dict[tuple[Any, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return the signer of the application's key."""
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._signers:
            self._signers[keys] = self._signer(app)
        return self._signers[keys]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie where the session has changed; say at least that it was looked at."""
        if not session or self.should_set_cookie(app, session):
            super().save_session(app, session, response)
        elif session.accessed:
            vary_on(response, "Cookie")

    def _signer(self, app: Flask) -> URLSafeTimedSerializer | None:
        usual = super().get_signing_serializer(app)
        if usual is None:
            return None
        return Cookies(
            usual.secret_keys,
            salt=usual.salt,
            serializer=usual.serializer,
            signer_kwargs=usual.signer_kwargs,
        )


class Application(Flask):
    """The portal's Flask."""

    jinja_environment = Templates

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.session_interface = Sessions()
        self._patterns: dict[tuple[str, ...], str] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return it as it is: no view and no hook of the portal is a coroutine."""
        return func

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return an address; where only numbers are filled in, from a pattern made once."""
        values = {name: value for name, value in values.items() if value is not None}
        if not _NUMBERS.issuperset(map(type, values.values())) or endpoint.startswith("."):
            return super().url_for(endpoint, **values)
        try:
            key = (request.root_path, endpoint, *values)
        except RuntimeError:  # no request: the whole address is wanted
            return super().url_for(endpoint, **values)
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = self._pattern(endpoint, values)
        return pattern % values

    def _pattern(self, endpoint: str, values: dict[str, int]) -> str:
        numbers: dict[str, Any] = {name: _STAND_IN + at for at, name in enumerate(values)}
        pattern = super().url_for(endpoint, **numbers).replace("%", "%%")
        for name, number in numbers.items():
            pattern = pattern.replace(str(number), f"%({name})d")
        return pattern
