"""Style and scripts: hashed addresses, kept for good, compressed, never outside static/."""

import gzip

from flask import Flask
from flask.testing import FlaskClient

from portal.web.assets import asset


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return asset(name)


def test_the_address_carries_the_content_and_is_kept_for_a_year(
    app: Flask, client: FlaskClient
) -> None:
    answer = client.get(address(app, "portal.css"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_stale_address_gets_the_present_file_but_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/static/0000000000000000/portal.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_files_are_sent_compressed_to_those_who_accept_it(app: Flask, client: FlaskClient) -> None:
    plain = client.get(address(app, "portal.css"))
    zipped = client.get(address(app, "portal.css"), headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < len(plain.data) / 2


def test_the_same_file_is_not_sent_twice(app: Flask, client: FlaskClient) -> None:
    first = client.get(address(app, "portal.js"))
    again = client.get(address(app, "portal.js"), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_nothing_outside_static_is_sent(client: FlaskClient) -> None:
    for name in ("../pyproject.toml", "..%2fpyproject.toml", "none.css", "vendor"):
        assert client.get(f"/static/x/{name}").status_code == 404


def test_a_participants_page_needs_at_most_60_kb(app: Flask, client: FlaskClient) -> None:
    names = ["portal.css", "portal.js", "vendor/htmx.min.js"]
    sent = [
        client.get(address(app, name), headers={"Accept-Encoding": "gzip"}).data for name in names
    ]
    assert sum(map(len, sent)) <= 60 * 1024
