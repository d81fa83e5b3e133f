"""Rows of lists and cards of the board as they are shown: made once for what they say."""

from collections.abc import Iterable

from flask import current_app
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from portal import clock
from portal.cases.models import Move
from portal.cases.queries import ListedCase
from portal.cases.views.blueprint import bp
from portal.web.templating import made_once

# The first pages of those who look at the same time.
MOST_ROWS = 4_000
_KEPT = "portal_case_rows"
_CARDS = "portal_case_cards"
_ENTRIES = "portal_case_entries"


def shown(cases: Iterable[ListedCase], *, is_public: bool = False) -> Markup:
    """Return the rows of a list; `is_public` for members, to whom nobody is named."""
    row = current_app.extensions[_KEPT]
    now, today = clock.now(), clock.today()
    made = [row(one, one.phase(now), one.mark(now), today, is_public) for one in cases]
    return Markup("".join(made))  # noqa: S704  each is Markup


def cards(cases: Iterable[ListedCase], moves: Iterable[Move | None]) -> Markup:
    """Return cards of the board, each with the step that it offers the reader."""
    card = current_app.extensions[_CARDS]
    now, today = clock.now(), clock.today()
    both = zip(cases, moves, strict=True)
    made = [card(one, one.phase(now), one.mark(now), today, move) for one, move in both]
    return Markup("".join(made))  # noqa: S704  each is Markup


def entries(cases: Iterable[ListedCase]) -> Markup:
    """Return the cases of a day of the calendar."""
    entry, now = current_app.extensions[_ENTRIES], clock.now()
    return Markup("".join([entry(one, one.mark(now)) for one in cases]))  # noqa: S704


@bp.record_once
def _keep_pieces(state: BlueprintSetupState) -> None:
    app = state.app
    app.extensions[_KEPT] = made_once(app, "cases/_rows.html", "row", most=MOST_ROWS)
    app.extensions[_CARDS] = made_once(app, "cases/_rows.html", "card", most=MOST_ROWS)
    app.extensions[_ENTRIES] = made_once(app, "cases/_rows.html", "entry", most=MOST_ROWS)
    app.add_template_global(entries, "case_entries")
    app.add_template_global(shown, "case_rows")
    app.add_template_global(cards, "case_cards")
