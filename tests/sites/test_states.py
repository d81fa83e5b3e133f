"""The life of a site: every state, every move, and what is kept of it."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.sites import moves, queries
from portal.sites.details import Naming
from portal.sites.models import Level, ReviewResult, Site, SiteMove, SiteState
from portal.sites.moves import Grounds
from portal.sites.reviews import NOTICE, Urgency, days_words, next_due, urgency
from portal.sites.states import Move, after, may_follow
from tests import factories
from tests.factories import Street

N, R, V, X, D = (
    SiteState.NOMINATED,
    SiteState.NAMED,
    SiteState.UNDER_REVIEW,
    SiteState.RECTIFY,
    SiteState.DELISTED,
)
LEGAL = {
    (N, Move.NAME): R,
    (R, Move.REVIEW): V,
    (V, Move.APPROVE): R,
    (X, Move.APPROVE): R,
    (V, Move.RECTIFY): X,
    (X, Move.DELIST): D,
    (D, Move.NOMINATE): N,
    (N, Move.DISCARD): N,
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(SiteState, Move)))
def test_only_the_moves_of_the_table_are_legal(state: SiteState, move: Move) -> None:
    assert may_follow(state, move) == ((state, move) in LEGAL)
    if (state, move) in LEGAL:
        assert after(state, move) is LEGAL[state, move]
        return
    with pytest.raises(ConflictError) as refused:
        after(state, move)
    assert move.label in refused.value.message


class ASite(RuleBasedStateMachine):
    """However moves are tried, nobody is delisted unheard, and nobody named without a document."""

    def __init__(self) -> None:
        super().__init__()
        self.history = [N]

    @rule(move=st.sampled_from(list(Move)))
    def tried(self, move: Move) -> None:
        try:
            self.history.append(after(self.history[-1], move))
        except ConflictError:
            return

    @invariant()
    def delisted_only_after_a_time_to_put_it_right(self) -> None:
        for before, now in itertools.pairwise(self.history):
            if now is D:
                assert before is X

    @invariant()
    def back_from_delisting_only_by_a_new_nomination(self) -> None:
        for before, now in itertools.pairwise(self.history):
            if before is D:
                assert now is N


TestASite = ASite.TestCase


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(1, 120), st.integers(0, 4000))
def test_a_review_is_due_before_the_name_runs_out(since: date, months: int, days: int) -> None:
    until = since + timedelta(days=days)
    due = next_due(since, months, until)
    assert since <= due <= until
    free = next_due(since, months, None)
    assert (free.year - since.year) * 12 + free.month - since.month == months
    assert free.day == since.day or (free + timedelta(days=1)).day == 1


def test_a_leap_day_comes_back_as_the_last_of_february() -> None:
    assert next_due(date(2024, 2, 29), 12, None) == date(2025, 2, 28)
    assert next_due(date(2025, 8, 31), 6, None) == date(2026, 2, 28)


def test_what_is_due_is_told_in_words() -> None:
    today = date(2026, 11, 24)
    assert urgency(today - timedelta(days=1), today) is Urgency.OVERDUE
    assert urgency(today, today) is Urgency.SOON
    assert urgency(today + timedelta(days=31), today) is Urgency.LATER
    assert days_words(today, today) == "今天到期"
    assert days_words(today + timedelta(days=3), today) == "还有 3 天"
    assert days_words(today - timedelta(days=3), today) == "已过 3 天"
    assert timedelta(days=90) == NOTICE


# ------------------------------------------------------------------ kept in the database


def grounds(reason: str = "年度复审", days_ago: int = 0, document: str = "") -> Grounds:
    return Grounds(
        reason=reason, moved_on=clock.today() - timedelta(days=days_ago), document=document
    )


def naming(**values: object) -> Naming:
    told: dict[str, object] = {
        "naming_level": Level.DISTRICT,
        "naming_document": "示例〔2026〕3 号",
        "named_on": clock.today(),
        **values,
    }
    return Naming(**told)  # type: ignore[arg-type]


@pytest.fixture
def nominated(street: Street) -> Site:
    made = factories.site(
        street.branch_one, street.secretary, state=N, named_on=None, naming_document=""
    )
    factories.commit()
    return queries.site(made.id)


def test_a_whole_life_is_kept_with_reasons_days_and_documents(
    street: Street, nominated: Site
) -> None:
    site, office = nominated, street.office
    moves.name_site(
        site=site, naming=naming(), grounds=grounds("按文件命名"), months=12, actor=office
    )
    assert (site.state, site.review_due_on) == (R, next_due(clock.today(), 12, None))
    moves.start_review(site=site, grounds=grounds(), actor=office)
    deadline = clock.today() + timedelta(days=30)
    moves.rectify(site=site, grounds=grounds("没有开放"), deadline=deadline, actor=office)
    assert (site.state, site.review_due_on) == (X, deadline)
    moves.delist(site=site, grounds=grounds("期满未改", document="示例〔2026〕9 号"), actor=office)
    assert (site.state, site.review_due_on) == (D, None)
    moves.nominate(site=site, grounds=grounds("恢复开放，重新申报"), actor=street.secretary)
    steps = queries.moves_of(site)
    assert [(one.from_state, one.to_state) for one in reversed(steps)] == [
        (N, R),
        (R, V),
        (V, X),
        (X, D),
        (D, N),
    ]
    assert steps[1].document == "示例〔2026〕9 号"
    assert [one.result for one in queries.reviews_of(site)] == [
        ReviewResult.DELISTED,
        ReviewResult.RECTIFY,
    ]


def test_a_passed_review_sets_the_next_one_and_may_extend_the_validity(
    street: Street, nominated: Site
) -> None:
    site = nominated
    until = clock.today() + timedelta(days=100)
    moves.name_site(
        site=site,
        naming=naming(valid_until=until, review_months=24),
        grounds=grounds(),
        months=12,
        actor=street.office,
    )
    assert site.review_due_on == until
    moves.start_review(site=site, grounds=grounds(), actor=street.office)
    longer = clock.today() + timedelta(days=3000)
    moves.approve(site=site, grounds=grounds(), months=12, valid_until=longer, actor=street.office)
    assert site.valid_until == longer
    assert site.review_due_on == next_due(clock.today(), 24, longer)
    (done,) = queries.reviews_of(site)
    assert (done.result, done.due_on) == (ReviewResult.PASSED, until)


def test_an_expired_name_is_not_approved_without_a_new_validity(
    street: Street, nominated: Site
) -> None:
    site = nominated
    long_ago = clock.today() - timedelta(days=800)
    moves.name_site(
        site=site,
        naming=naming(named_on=long_ago, valid_until=long_ago + timedelta(days=365)),
        grounds=grounds(days_ago=800),
        months=12,
        actor=street.office,
    )
    assert site.is_expired_on(clock.today())
    moves.start_review(site=site, grounds=grounds(), actor=street.office)
    with pytest.raises(InvalidInputError) as refused:
        moves.approve(site=site, grounds=grounds(), months=12, actor=street.office)
    assert refused.value.field == "valid_until"
    assert site.state is V


@pytest.mark.parametrize(
    ("given_grounds", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 201}, "reason"),
        ({"document": "长" * 121}, "document"),
        ({"days_ago": -1}, "moved_on"),
        ({"days_ago": 90_000}, "moved_on"),
        ({"days_ago": 400}, "moved_on"),
    ],
)
def test_a_move_needs_a_reason_and_a_day_in_order(
    street: Street, nominated: Site, given_grounds: dict[str, object], field: str
) -> None:
    site = nominated
    moves.name_site(site=site, naming=naming(), grounds=grounds(), months=12, actor=street.office)
    with pytest.raises(InvalidInputError) as refused:
        moves.start_review(
            site=site,
            grounds=grounds(**given_grounds),  # type: ignore[arg-type]
            actor=street.office,
        )
    assert refused.value.field == field
    assert site.state is R


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"naming_document": ""}, "naming_document"),
        ({"naming_document": "长" * 121}, "naming_document"),
        ({"named_on": date(2999, 1, 1)}, "named_on"),
        ({"named_on": date(1900, 1, 1)}, "named_on"),
        ({"valid_until": date(2000, 1, 1)}, "valid_until"),
        ({"valid_until": date(2200, 1, 1)}, "valid_until"),
        ({"review_months": 0}, "review_months"),
        ({"review_months": 121}, "review_months"),
    ],
)
def test_nothing_is_named_without_a_sound_document(
    street: Street, nominated: Site, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        moves.name_site(
            site=nominated,
            naming=naming(**values),
            grounds=grounds(),
            months=12,
            actor=street.office,
        )
    assert refused.value.field == field
    assert nominated.state is N
    assert db.session.scalars(select(SiteMove)).all() == []


def test_a_rectification_ends_after_it_begins(street: Street, nominated: Site) -> None:
    moves.name_site(
        site=nominated, naming=naming(), grounds=grounds(), months=12, actor=street.office
    )
    moves.start_review(site=nominated, grounds=grounds(), actor=street.office)
    with pytest.raises(InvalidInputError) as refused:
        moves.rectify(
            site=nominated, grounds=grounds(), deadline=clock.today(), actor=street.office
        )
    assert refused.value.field == "deadline"
