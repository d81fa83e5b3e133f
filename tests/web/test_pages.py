"""A page is put into words after the commit, and one that fails then denies nothing."""

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy import event, text

from portal.database import db
from portal.errors import InvalidInputError
from portal.web.templating import made_once, render
from portal.web.transaction import writes
from tests.factories import Street, commit


@pytest.fixture
def told(own_app: Flask) -> Iterator[list[str]]:
    """What happens, in its order: commits and rollbacks as the database sees them."""
    own_app.config |= {"WTF_CSRF_ENABLED": False, "PROPAGATE_EXCEPTIONS": False}
    happened: list[str] = []

    def tell() -> str:
        happened.append("words")
        return "words"

    own_app.jinja_env.globals["tell"] = tell
    own_app.jinja_env.loader = DictLoader(
        {
            "page.html": "{{ tell() }} {{ name }}",
            "bad.html": "{{ tell() }} {{ nothing.at_all }}",
            "errors/refusal.html": "{{ sentence }}",
        }
    )
    with own_app.app_context():
        engine = db.engine
    names = ("commit", "rollback")
    listeners = {name: (lambda _connection, name=name: happened.append(name)) for name in names}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield happened
    for name, listener in listeners.items():
        event.remove(engine, name, listener)


def post(app: Flask, template: str, status: int = 200) -> tuple[int, str]:
    @writes
    def change() -> object:
        db.session.execute(text("UPDATE account SET care_level = 2"))
        return render(template, status=status, name="张")

    change.access_level = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/change", view_func=change, methods=["POST"])
    answer = app.test_client().post("/change")
    return answer.status_code, answer.get_data(as_text=True)


def test_a_page_is_put_into_words_after_the_commit(own_app: Flask, told: list[str]) -> None:
    assert post(own_app, "page.html") == (200, "words 张")
    assert told[:2] == ["commit", "words"]


def test_a_refusal_is_put_into_words_before_all_is_undone(own_app: Flask, told: list[str]) -> None:
    assert post(own_app, "page.html", status=422) == (422, "words 张")
    assert told[:2] == ["words", "rollback"]
    assert "commit" not in told


def test_a_page_that_fails_after_the_commit_does_not_say_that_nothing_was_saved(
    own_app: Flask, told: list[str]
) -> None:
    status, sentence = post(own_app, "bad.html")
    assert status == 500
    assert told[0] == "commit"
    assert "已经保存" in sentence
    assert "没有保存" not in sentence


def test_what_was_loaded_is_not_taken_for_what_is_there_later(own_app: Flask) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = False
    with own_app.app_context():
        street = Street()
        commit()
        person = street.a

        @writes
        def change() -> str:
            assert person.name
            return "done"

        change.access_level = "public"  # type: ignore[attr-defined]
        own_app.add_url_rule("/change", view_func=change, methods=["POST"])
        assert own_app.test_client().post("/change").status_code == 200
        with db.engine.begin() as other:
            other.execute(text("UPDATE person SET name = '新名' WHERE id = :id"), {"id": person.id})
        db.session.rollback()
        assert person.name == "新名"


def test_a_piece_is_made_once_for_each_set_of_arguments(app: Flask) -> None:
    made: list[str] = []

    def note(name: str) -> str:
        made.append(name)
        return name

    app.jinja_env.globals["note"] = note
    templates = {"piece.html": "{% macro piece(name) %}<b>{{ note(name) }}</b>{% endmacro %}"}
    loader, app.jinja_env.loader = app.jinja_env.loader, DictLoader(templates)
    try:
        piece = made_once(app, "piece.html", "piece", most=2)
        said = "".join(piece(name) for name in ("甲", "乙", "甲", "<i>", "甲", "乙"))
    finally:
        app.jinja_env.loader = loader
    assert said == "<b>甲</b><b>乙</b><b>甲</b><b>&lt;i&gt;</b><b>甲</b><b>乙</b>"
    assert made == ["甲", "乙", "<i>", "乙"]  # the least used is made anew when it is wanted


def test_a_refused_change_leaves_nothing_behind(own_app: Flask) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = False

    @writes
    def change() -> str:
        db.session.execute(text("UPDATE audit_head SET last_id = 99"))
        raise InvalidInputError("不行。")

    change.access_level = "public"  # type: ignore[attr-defined]
    own_app.add_url_rule("/change", view_func=change, methods=["POST"])
    assert own_app.test_client().post("/change").status_code == 422
    with own_app.app_context():
        assert db.session.scalar(text("SELECT last_id FROM audit_head")) == 0
