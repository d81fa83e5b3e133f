"""What the application works out once is what Flask would work out each time."""

from typing import Any

import pytest
from flask import Flask, url_for
from itsdangerous import BadSignature, SignatureExpired

from portal.web.application import Cookies
from portal.web.numbers import RowNumber
from tests.factories import Street
from tests.page import Browser, text_of


def test_addresses_from_patterns_are_flasks_own(app: Flask) -> None:
    asked = 0
    with app.test_request_context("/events/"):
        for rule in app.url_map.iter_rules():
            if any(not isinstance(kind, RowNumber) for kind in rule._converters.values()):
                continue
            for start in (1, 98_765):
                values: dict[str, Any] = {
                    name: start + at for at, name in enumerate(sorted(rule.arguments))
                }
                values.setdefault("page", start)  # one more than the path takes, unless it takes it
                expected = Flask.url_for(app, rule.endpoint, **values)
                assert url_for(rule.endpoint, **values) == expected
                asked += 1
    assert asked > 100


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({"event_id": 7, "q": "100%"}, "/events/7?q=100%25"),
        ({"event_id": 7, "q": None}, "/events/7"),
        ({"event_id": 7, "_anchor": "page-head"}, "/events/7#page-head"),
        ({"event_id": 7, "_external": True}, "http://localhost/events/7"),
        ({"event_id": 9_000_000_000}, "/events/9000000000"),
    ],
)
def test_other_addresses_are_flasks_too(
    app: Flask, values: dict[str, object], address: str
) -> None:
    with app.test_request_context():
        assert url_for("events.show", **values) == address  # type: ignore[arg-type]


def test_an_application_below_a_path_says_it_in_every_address(app: Flask) -> None:
    with app.test_request_context():
        assert url_for("events.show", event_id=7) == "/events/7"
    with app.test_request_context(environ_overrides={"SCRIPT_NAME": "/portal"}):
        assert url_for("events.show", event_id=7) == "/portal/events/7"


def test_two_readers_with_the_same_duties_have_each_their_own_masthead(app: Flask) -> None:
    street = Street()
    first, second = Browser(app).sign_in("a"), Browser(app).sign_in("b")
    pages = [reader.get("/events/", q="名单") for reader in (first, second, first)]
    names = [text_of(page.by("class", "reader-name")[0]) for page in pages]
    assert names == [street.a.name, street.b.name, street.a.name]
    fields = [page.form("/care").fields for page in pages]
    assert fields[0]["csrf_token"] == fields[2]["csrf_token"] != fields[1]["csrf_token"]
    assert {one["next"] for one in fields} == {"/events/?q=%E5%90%8D%E5%8D%95"}
    assert "<csrf-token>" not in pages[0].text


def test_a_cookie_that_comes_again_says_the_same_until_it_is_too_old() -> None:
    cookies = Cookies("key")
    signed = cookies.dumps({"csrf_token": "one", "care": 1})
    for _ in range(2):
        held = cookies.loads(signed, max_age=60)
        assert held == {"csrf_token": "one", "care": 1}
        held["csrf_token"] = "changed"
    with pytest.raises(SignatureExpired):
        cookies.loads(signed, max_age=-1)


def test_what_can_be_changed_inside_a_cookie_is_read_anew() -> None:
    cookies = Cookies("key")
    signed = cookies.dumps({"_flashes": [["message", "一"]]})
    cookies.loads(signed)["_flashes"].append(["message", "二"])
    assert cookies.loads(signed) == {"_flashes": [["message", "一"]]}


def test_a_cookie_that_was_not_signed_here_is_refused_however_often_it_comes() -> None:
    cookies, strangers = Cookies("key"), Cookies("another")
    signed = strangers.dumps({"care": 1})
    for _ in range(2):
        with pytest.raises(BadSignature):
            cookies.loads(signed)


def test_macros_carry_the_sessions_one_token(app: Flask) -> None:
    """Flask-WTF would sign anew at each request, in macros that know globals alone."""
    Street()
    reader = Browser(app).sign_in("a")
    first, second = (reader.get("/materials/") for _ in range(2))
    tokens = {
        str(field.get("value"))
        for page in (first, second)
        for field in page.by("name", "csrf_token")
    }
    assert len(tokens) == 1
