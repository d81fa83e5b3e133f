"""One box: some of each kind, or all of one kind, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.sansio.app import App
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal import clock
from portal.find.views.blueprint import bp
from portal.paging import PER_PAGE, Page
from portal.people.access import allowed, current_reader
from portal.people.policies import is_administrator
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.highlight import marked, snippet
from portal.search.queries import MOST_COUNTED
from portal.search.tokens import LONGEST_SEARCH
from portal.web import htmx
from portal.web.forms import trimmed
from portal.web.numbers import asked_number
from portal.web.templating import render

# So many of each kind are shown at first.
OF_EACH = 5
# The first pages of those who look at the same time.
MOST_ROWS = 2_000
_KEPT = "portal_found_rows"


@dataclass(frozen=True)
class Group:
    """The things of one kind."""

    source: hooks.Source
    rows: Sequence[hooks.Found]
    total: int
    all_of_them: str

    @property
    def total_words(self) -> str:
        """How many there are, as far as they were counted."""
        return f"{MOST_COUNTED} 多" if self.total > MOST_COUNTED else str(self.total)


def may_search(person: Somebody) -> bool:
    """Everybody but the three administrators, who see no business data."""
    return not is_administrator(person)


@bp.get("/search")
@allowed(may_search)
def index() -> Response:
    """What was found, grouped by kind; with `kind`, the pages of that kind."""
    reader = current_reader()
    typed = (trimmed(request.args.get("q")) or "")[:LONGEST_SEARCH]
    offered = [source for source in hooks.sources if source.is_for(reader)]
    chosen = next((one for one in offered if one.kind == request.args.get("kind")), None)
    number = (asked_number("page") or 1) if chosen else 1
    page: Page[hooks.Found] | None = None
    if chosen is None:
        together = [source for source in offered if source.is_among_all]
        groups = [_group(source, reader, typed) for source in together] if typed else []
    else:
        page, group = _page(chosen, reader, typed, number)
        groups = [group]
    response = render(
        "find/index.html",
        block="results",
        typed=typed,
        offered=offered,
        chosen=chosen,
        besides=[] if chosen else [one for one in offered if not one.is_among_all],
        leaf=page,
        groups=[group for group in groups if group.rows],
    )
    if htmx.is_fragment_request():
        response.headers["Cache-Control"] = "no-store"
    return response


def _group(source: hooks.Source, reader: Somebody, typed: str) -> Group:
    found = source.find(reader, typed, OF_EACH, 0)
    return Group(source, found.rows, found.total, _address(source, typed))


def _page(
    source: hooks.Source, reader: Somebody, typed: str, number: int
) -> tuple[Page[hooks.Found], Group]:
    number = max(1, min(number, 200))
    found = hooks.Findings()
    if typed:
        found = source.find(reader, typed, PER_PAGE + 1, (number - 1) * PER_PAGE)
    rows = found.rows[:PER_PAGE]
    page = Page(rows, number, len(found.rows) > PER_PAGE)
    return page, Group(source, rows, found.total, _address(source, typed))


def _rows(group: Group, typed: str) -> Markup:
    """Return the rows of a group: each is made once for what was typed and what was found."""
    row, today = current_app.extensions[_KEPT], clock.today()
    made = [row(group.source.kind, one, typed, today) for one in group.rows]
    return Markup("".join(made))  # noqa: S704  each is Markup


def _shown(app: App, kind: str, found: hooks.Found, typed: str, today: date) -> Markup:
    source = next(one for one in hooks.sources if one.kind == kind)
    values: dict[str, Any] = {source.argument: found.id}
    title = marked(found.title, typed)
    is_named_so = "<mark>" in title
    row = app.jinja_env.get_template("find/_row.html").module.row  # type: ignore[attr-defined]
    made: Markup = row(
        address=url_for(source.endpoint, **values),
        title=title,
        state=found.state,
        line=[marked(text, typed) for text in found.line if text],
        at=found.at,
        snippet=None if is_named_so else snippet(found.texts, typed),
        today=today,
    )
    return made


@bp.record_once
def _keep_rows(state: BlueprintSetupState) -> None:
    kept = lru_cache(maxsize=MOST_ROWS)(partial(_shown, state.app))
    state.app.extensions[_KEPT] = kept
    state.app.add_template_global(_rows, "found_rows")


def _address(source: hooks.Source, typed: str) -> str:
    return f"{url_for('find.index')}?{urlencode({'q': typed, 'kind': source.kind})}"
