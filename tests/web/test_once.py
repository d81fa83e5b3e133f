"""Parts that are put into words once: for what they say, never with what is a reader's own."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, session

from portal.web.once import LooksAtMoreError, Once
from tests import factories as make


@pytest.fixture
def once(app: Flask) -> Iterator[Once]:
    """The tag of the application, which keeps what it has made without looking again."""
    tag = app.jinja_env.extensions[Once.identifier]
    assert isinstance(tag, Once)
    tag.is_checked = False
    yield tag
    tag.is_checked = True


def _page(app: Flask, text: str, **context: object) -> str:
    # A place is known by its template: each test has its own.
    return app.jinja_env.from_string(text).render(context)


def _counting() -> tuple[list[int], Callable[[], int]]:
    calls: list[int] = []

    def tell() -> int:
        calls.append(1)
        return len(calls)

    return calls, tell


@pytest.mark.usefixtures("once")
def test_a_part_is_put_into_words_once_for_each_set_of_values(app: Flask) -> None:
    calls, tell = _counting()
    page = app.jinja_env.from_string("{% once a, b %}{{ a }}-{{ b }}-{{ tell() }}{% endonce %}.")
    shown = [page.render(a=a, b=b, tell=tell) for a, b in ((1, 2), (1, 2), (2, 1), (1, 2))]
    assert shown == ["1-2-1.", "1-2-1.", "2-1-2.", "1-2-1."]
    assert len(calls) == 2


def test_in_tests_a_part_that_looks_at_more_than_it_names_is_found(app: Flask) -> None:
    page = app.jinja_env.from_string("{% once a %}{{ a }}{{ more }}{% endonce %}")
    assert page.render(a=1, more="x") == "1x"
    assert page.render(a=1, more="x") == "1x"
    with pytest.raises(LooksAtMoreError):
        page.render(a=1, more="y")


@pytest.mark.usefixtures("once")
def test_the_token_is_each_readers_own(app: Flask) -> None:
    page = app.jinja_env.from_string(
        "{% once 'outer' %}[{{ csrf_token() }}{% once 'inner' %}({{ csrf_token() }}){% endonce %}]"
        "{% endonce %}{{ csrf_token() }}"
    )
    tokens = []
    for secret in ("one", "other"):
        with app.app_context(), app.test_request_context():
            session["csrf_token"] = secret
            found = re.fullmatch(r"\[(.+)\((.+)\)\](.+)", page.render())
            assert found is not None
            assert len(set(found.groups())) == 1
            tokens.append(found[1])
    assert tokens[0] != tokens[1]
    assert "csrf-token" not in tokens[0]


@pytest.mark.usefixtures("once")
def test_of_an_entity_that_may_change_nothing_is_kept(app: Flask) -> None:
    person = make.person("张一")
    page = app.jinja_env.from_string("{% once person %}{{ person.name }}{% endonce %}")
    assert page.render(person=person) == "张一"
    person.name = "张二"
    assert page.render(person=person) == "张二"


@pytest.mark.usefixtures("once")
def test_what_is_typed_stays_text(app: Flask) -> None:
    assert _page(app, "{% once a %}{{ a }}{% endonce %}", a="<b>") == "&lt;b&gt;"


def test_the_token_cannot_be_typed(app: Flask, once: Once) -> None:
    """What looks like the open place is text like any other: it is escaped."""
    assert _page(app, "{% once a %}{{ a }}{% endonce %}", a="<csrf-token>") == "&lt;csrf-token&gt;"


@pytest.mark.usefixtures("once")
def test_a_value_that_cannot_be_told_apart_is_an_error(app: Flask) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        _page(app, "{% once a %}{% endonce %}", a=[])
