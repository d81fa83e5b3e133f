"""Moments are read on China's clock; text is trimmed; refusals stand beside their field."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.errors import InvalidInputError
from portal.web.forms import Form, MomentField, StringField, may_be_left


class Sample(Form):
    title = StringField("标题", [InputRequired()])
    starts_at = MomentField("开始")


def filled(app: Flask, **typed: str) -> Sample:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data=typed):
        form = Sample()
        form.validate()
        return form


@pytest.mark.parametrize("typed", ["2026-12-01T09:30", "2026-12-01T09:30:00", "2026-12-01 09:30"])
def test_a_moment_is_read_on_chinas_clock(app: Flask, typed: str) -> None:
    form = filled(app, title="甲", starts_at=typed)
    assert form.starts_at.data == datetime(2026, 12, 1, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["明天九点", "2026-13-01T09:30", "2026-02-30T09:30", "0"])
def test_what_is_no_moment_is_said_in_words_and_kept_as_typed(app: Flask, typed: str) -> None:
    form = filled(app, title="甲", starts_at=typed)
    assert "日期和时间" in form.starts_at.errors[0]
    assert typed in str(form.starts_at())


def test_an_empty_moment_is_none(app: Flask) -> None:
    assert filled(app, title="甲", starts_at=" ").starts_at.data is None


def test_text_is_trimmed_and_unseen_characters_dropped(app: Flask) -> None:
    assert filled(app, title="  党\x00课\x07 ").title.data == "党课"


@pytest.mark.parametrize("unseen", ["\x85", "\ufdd0", "\ufffe", "\U0010ffff"])
def test_what_is_no_character_is_dropped(app: Flask, unseen: str) -> None:
    assert filled(app, title=f"党{unseen}课").title.data == "党课"


def test_unseen_characters_do_not_come_back_in_a_field_that_is_no_text(app: Flask) -> None:
    form = filled(app, title="甲", starts_at="明\x00天")
    assert form.starts_at.errors
    assert "明天" in str(form.starts_at())


def test_a_file_in_place_of_text_is_no_text(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    typed = {"title": (BytesIO(b"text"), "text.txt"), "starts_at": "2026-12-01T09:30"}
    with app.test_request_context("/", method="POST", data=typed):
        form = Sample()
        assert not form.validate()
        assert form.title.errors
        assert form.starts_at.data is not None


def test_json_in_place_of_a_form_is_nothing_typed(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", json={"title": ["甲"], "starts_at": 1}):
        form = Sample()
        assert not form.validate()
        assert form.title.errors


def test_a_field_of_spaces_is_missing_in_chinese(app: Flask) -> None:
    form = filled(app, title="")
    assert form.title.errors
    assert all(character >= "一" or character in "。，" for character in form.title.errors[0])


def test_a_refusal_stands_beside_its_field_or_above_the_form(app: Flask) -> None:
    form = filled(app, title="甲")
    form.add_refusal(InvalidInputError("结束要晚于开始。", field="starts_at"))
    form.add_refusal(InvalidInputError("名额不足。"))
    assert form.starts_at.errors == ["结束要晚于开始。"]
    assert form.form_errors == ["名额不足。"]
    assert form.typed_only()["title"] == "甲"
    assert "csrf_token" not in form.typed_only()


def test_only_what_can_say_nothing_may_be_left(app: Flask) -> None:
    class Choosing(Form):
        needed = StringField(validators=[InputRequired()])
        free = StringField()
        always = SelectField(choices={"1": "一个时段", "2": "两个时段"})
        perhaps = SelectField(choices={"": "不限", "1": "红色书屋"})
        several = SelectMultipleField(choices={"1": "甲"})

    with app.test_request_context("/"):
        left = [field.name for field in Choosing() if may_be_left(field)]
    assert left == ["free", "perhaps", "several", "csrf_token"]
