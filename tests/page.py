"""A test client that looks at every page as a strict reader would."""

import contextvars
import re
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.database import db
from portal.people.models import Account
from tests.live import cookies_of
from tests.tracing import untraced

PARSER = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
PASSWORD = "Demo-2026-portal"
HIDDEN_INPUTS = {"hidden", "submit", "button", "image", "reset"}


def parse(html: str) -> Element:
    """Parse strictly; a mistake in the markup is an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)


def text_of(element: Element) -> str:
    """Return the words of an element, spaces folded."""
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


@dataclass
class Form:
    """A form as a person meets it: its fields filled in as the page fills them."""

    action: str
    method: str
    fields: dict[str, Any]
    element: Element


class Page:
    """One HTML answer, checked as it is made."""

    def __init__(self, response: TestResponse, *, whole: bool = True) -> None:
        self.response = response
        self.status = response.status_code
        self.html = response.get_data(as_text=True)
        self.whole = whole
        with untraced():
            self.root = parse(self.html) if whole else parse_fragment(self.html)
            self.check()

    # ---- what every page must keep

    def check(self) -> None:
        ids = [str(element.get("id")) for element in self.all() if element.get("id")]
        assert len(ids) == len(set(ids)), (
            f"id used twice: {sorted(i for i in ids if ids.count(i) > 1)}"
        )
        for element in self.all():
            self._check_element(element, set(ids))
        if not self.whole:
            return
        assert len(self.find_all("h1")) == 1, "a page has one h1"
        assert text_of(self.find_all("title")[0]), "a page has a title"
        assert self.find_all("html")[0].get("lang") == "zh-CN"

    def _check_element(self, element: Element, ids: set[str]) -> None:
        tag = element.tag
        assert not any(name.startswith("on") for name in element.attrib), (
            f"inline handler: {element.attrib}"
        )
        assert "style" not in element.attrib, f"inline style on {tag}"
        assert tag != "style", "inline style element"
        if tag == "script":
            assert element.get("src"), "inline script"
        if tag == "form" and element.get("method", "get").lower() == "post":
            names = {field.get("name") for field in element.iter("input")}
            assert "csrf_token" in names, f"no CSRF field in the form to {element.get('action')}"
        if tag in {"input", "select", "textarea"} and element.get("type") not in HIDDEN_INPUTS:
            assert self._is_labelled(element), f"no label: {element.attrib}"
        if tag == "a" and element.get("hx-get"):
            assert element.get("hx-get") == element.get("href"), "hx-get differs from href"
        for verb in ("hx-get", "hx-post"):
            if element.get(verb):
                assert element.get("hx-target"), f"{verb} without target: {element.attrib}"
                assert element.get("hx-swap"), f"{verb} without swap: {element.attrib}"
        target = element.get("hx-target") or ""
        if self.whole and target.startswith("#"):
            assert target[1:] in ids, f"hx-target {target} is not on the page"
        for name in (element.get("aria-describedby") or "").split():
            assert name in ids or not self.whole, f"aria-describedby {name} is not on the page"

    def _is_labelled(self, element: Element) -> bool:
        if element.get("aria-label") or element.get("aria-labelledby"):
            return True
        for label in self.find_all("label"):
            if label.get("for") and label.get("for") == element.get("id") and text_of(label):
                return True
            if element in list(label.iter()) and text_of(label):
                return True
        return False

    # ---- what a test asks of a page

    def all(self) -> list[Element]:
        return [element for element in self.root.iter() if _is_element(element)]

    def find_all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.all()
            if element.tag == tag and all(element.get(k) == v for k, v in wanted.items())
        ]

    def by(self, attribute: str, value: str | None = None) -> list[Element]:
        """Elements that carry an attribute (with that value)."""
        return [
            element
            for element in self.all()
            if element.get(attribute) is not None
            and (value is None or element.get(attribute) == value)
        ]

    @property
    def text(self) -> str:
        bodies = self.find_all("body")
        return text_of(bodies[0] if bodies else self.root)

    @property
    def h1(self) -> str:
        return text_of(self.find_all("h1")[0])

    @property
    def alert(self) -> str:
        """The sentences in `[role=alert]`, joined."""
        return " ".join(text_of(element) for element in self.by("role", "alert"))

    def errors(self) -> dict[str, str]:
        """Field name -> the sentence beside it."""
        found = {}
        for element in self.all():
            for name in (element.get("aria-describedby") or "").split():
                if name.endswith("-error"):
                    found[element.get("name") or name] = text_of(self.by("id", name)[0])
        for element in self.by("class", "field-error"):
            found.setdefault((element.get("id") or "").removesuffix("-error"), text_of(element))
        return found

    def links(self) -> dict[str, str]:
        return {text_of(link): link.get("href") or "" for link in self.find_all("a")}

    def forms(self) -> list[Form]:
        return [self._form(element) for element in self.find_all("form")]

    def form(self, action: str) -> Form:
        """The form whose action ends with `action`."""
        found = [form for form in self.forms() if form.action.split("?")[0].endswith(action)]
        assert found, f"no form to {action}; there are {[form.action for form in self.forms()]}"
        return found[0]

    def _form(self, element: Element) -> Form:
        fields: dict[str, Any] = {}
        for field in element.iter():
            name = field.get("name") if _is_element(field) else None
            if not name:
                continue
            value = _value(field)
            if value is None:
                continue
            if name in fields:
                fields[name] = [
                    *(fields[name] if isinstance(fields[name], list) else [fields[name]]),
                    value,
                ]
            else:
                fields[name] = value
        return Form(
            element.get("action") or "", element.get("method", "get").lower(), fields, element
        )


def _is_element(node: Any) -> bool:
    """Comments stand in the tree too, with a function for a tag."""
    return isinstance(node.tag, str)


def _value(field: Element) -> Any:
    if field.tag == "textarea":
        return (field.text or "").removeprefix("\n")
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        values = [o.get("value", text_of(o)) for o in chosen]
        return values if field.get("multiple") is not None else (values[0] if values else None)
    if field.tag == "input" and field.get("type") not in {"submit", "button", "file", "image"}:
        if field.get("type") in {"checkbox", "radio"} and field.get("checked") is None:
            return None
        return field.get("value", "")
    return None


def parse_fragment(html: str) -> Element:
    """Parse a fragment; table rows are allowed to stand alone as htmx allows them."""
    container = "tbody" if html.lstrip().startswith("<tr") else "div"
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    return parser.parseFragment(html, container=container)


class RealClient(FlaskClient):
    """A client whose requests share nothing with the test: no context, no session, no `g`.

    What the test has written is committed before a request, and what it holds is read anew
    after it, so that both see the same database.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        inside = has_app_context()
        if inside:
            db.session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if inside:
            db.session.rollback()
            db.session.expire_all()
        return response


class Browser:
    """Somebody at a browser: follows redirects, keeps cookies, gets checked pages."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self._token: str | None = None

    def get(self, path: str, *, htmx: bool = False, **query: Any) -> Page:
        response = self.client.get(path, query_string=query or None, headers=_headers(htmx))
        return self._arrive(response, htmx)

    def post(self, path: str, data: dict[str, Any] | None = None, *, htmx: bool = False) -> Page:
        """Post with a valid token, as the forms of our pages do."""
        fields = {"csrf_token": self.token(), **(data or {})}
        response = self.client.post(path, data=fields, headers=_headers(htmx))
        return self._arrive(response, htmx)

    def submit(self, form: Form, *, htmx: bool = False, **changes: Any) -> Page:
        fields = {**form.fields, **changes}
        path = form.action or "/"
        if form.method == "get":
            return self.get(path, htmx=htmx, **fields)
        response = self.client.post(path, data=fields, headers=_headers(htmx))
        return self._arrive(response, htmx)

    def token(self) -> str:
        """The CSRF token of this browser's session."""
        if self._token is not None:
            return self._token
        page = self.client.get("/login", follow_redirects=True)
        match = re.search(r'name="csrf_token" value="([^"]+)"', page.get_data(as_text=True))
        assert match, "no CSRF token on the page"
        return match[1]

    def forget_token(self) -> None:
        """The session has ended: the next form brings a token of its own."""
        self._token = None

    def sign_in(self, username: str) -> "Browser":
        """Be signed in without the form and its slow password check: most tests ask for more."""
        with self.app.app_context() if not has_app_context() else nullcontext():
            db.session.commit()  # as before every request: what is read next is what stands now
            account = db.session.scalars(select(Account).filter_by(username=username)).one()
            cookie = cookies_of(self.app, [account])[0]
        self.client.set_cookie(cookie.name, cookie.value)
        self._token = cookie.csrf_token
        return self

    def sign_in_by_form(self, username: str, password: str = PASSWORD) -> "Browser":
        """Sign in as people do."""
        self._token = None
        page = self.post("/login", {"username": username, "password": password})
        assert page.status == 200, page.alert
        assert not page.find_all("input", name="password"), page.alert
        return self

    def _arrive(self, response: TestResponse, htmx: bool) -> Page:
        address = response.request.path
        for _ in range(5):
            if response.status_code not in {301, 302, 303, 307, 308}:
                break
            address = urljoin(address, response.headers["Location"])
            parts = urlsplit(address)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            response = self.client.get(path, headers=_headers(htmx))
        html = response.get_data(as_text=True)
        return Page(response, whole="<html" in html[:400].lower())


def _headers(htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}
