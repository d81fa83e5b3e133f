"""The engine: from facts to hours, by the rules of the domain and nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.events.models import EventKind
from portal.hours.conversions import Conversion, Conversions
from portal.hours.defaults import CONVERSIONS, THRESHOLDS
from portal.hours.engine import credits_of, total
from portal.hours.facts import Attended, Fact, Gathered, MadeUp, Trained
from portal.hours.kinds import Category, Source, Unit, hours_words
from portal.hours.thresholds import Owing, Standing, Term, Threshold, Thresholds, owed

RULES = Conversions(CONVERSIONS)
NINE = datetime(2026, 11, 25, 1, tzinfo=UTC)
BRANCH = "/ZHL/ZHL-01/ZHL-01-01/"


def gathered(minutes: int, *, starts_at: datetime = NINE, **values) -> Gathered:
    given = {"event_id": 1, "title": "党课", "source": Source.LESSON, **values}
    return Gathered(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **given)


def there(minutes: int, **values) -> Attended:
    event = values.pop("event", None) or gathered(minutes)
    return Attended(event, BRANCH, values.pop("is_confirmed", True), **values)


def trained(
    quantity: float, unit: Unit, first: date, last: date | None = None, **values
) -> Trained:
    return Trained(
        training_id=values.pop("training_id", 1),
        title="轮训班",
        source=values.pop("source", Source.COURSE),
        path=BRANCH,
        starts_on=first,
        ends_on=last or first,
        unit=unit,
        quantity=int(quantity * 2),
        is_confirmed=values.pop("is_confirmed", True),
    )


def rule(source: Source = Source.LESSON, **values) -> Conversions:
    made = Conversion(7, source, "/ZHL/", values.pop("since", date(2026, 1, 1)), **values)
    return Conversions([*CONVERSIONS, made])


def hours_of(fact, rules: Conversions = RULES) -> str:
    return hours_words(total(credits_of([fact], rules)))


def test_every_kind_of_event_has_a_rule() -> None:
    assert {kind.value for kind in EventKind} <= {source.value for source in Source}
    assert {one.source for one in CONVERSIONS} == set(Source)
    assert all(one.citation for one in CONVERSIONS)
    assert {one.category for one in THRESHOLDS} == set(Category)


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [
        (29, "0"),
        (30, "0.5"),
        (60, "1"),
        (89, "1"),
        (90, "1.5"),
        (150, "2.5"),
        (179, "2.5"),
        (180, "4"),  # half a day
        (300, "5"),
        (360, "8"),  # a day
        (600, "8"),
    ],
)
def test_time_becomes_hours_and_what_is_no_whole_half_is_cut_off(minutes: int, hours: str) -> None:
    assert hours_of(there(minutes)) == hours


@given(st.integers(1, 700), st.integers(1, 700))
def test_more_time_never_gives_less(one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert total(credits_of([there(shorter)], RULES)) <= total(credits_of([there(longer)], RULES))


@pytest.mark.parametrize(
    ("late", "left", "hours"),
    [(0, 0, "4"), (60, 0, "2.5"), (0, 60, "2.5"), (90, 90, "0"), (-30, 0, "4"), (0, 170, "0")],
)
def test_a_partial_stay_counts_by_its_share_of_the_time(late: int, left: int, hours: str) -> None:
    fact = there(
        180,
        came_at=NINE + timedelta(minutes=late),
        left_at=NINE + timedelta(minutes=180 - left),
    )
    assert hours_of(fact) == hours


def test_who_left_early_without_a_time_gets_half_and_is_told() -> None:
    (credit,) = credits_of([there(180, left_early=True)], RULES)
    assert credit.halves == 4
    assert "按一半计" in credit.words


def test_a_rule_may_ask_for_the_whole_stay() -> None:
    strict = rule(needs_full_stay=True)
    assert hours_of(there(120), strict) == "2"
    assert hours_of(there(120, was_late=True), strict) == "0"
    assert hours_of(there(120, left_early=True), strict) == "0"
    (credit,) = credits_of([there(120, was_late=True)], strict)
    assert "全程" in credit.words


def test_the_lecturer_is_multiplied_and_the_cap_of_an_event_holds() -> None:
    assert hours_of(there(120, is_lecturer=True)) == "2"  # the portal ships no multiplier
    assert hours_of(there(120, is_lecturer=True), rule(lecturer_times=5)) == "10"
    assert hours_of(there(120), rule(lecturer_times=5)) == "2"
    assert hours_of(there(120, is_lecturer=True), rule(lecturer_times=5, cap_event=12)) == "6"


def test_a_fixed_rule_takes_no_account_of_the_time() -> None:
    assert hours_of(there(45), rule(fixed=6)) == "3"


def test_the_nearest_rule_wins_then_the_latest() -> None:
    street = Conversion(1, Source.LESSON, "/ZHL/", date(2026, 1, 1), per_hour=4)
    newer = Conversion(2, Source.LESSON, "/ZHL/", date(2026, 12, 1), per_hour=1)
    other = Conversion(3, Source.LESSON, "/XGZ/", date(2026, 1, 1), per_hour=3)
    rules = Conversions([*CONVERSIONS, newer, street, other])
    assert rules.of(Source.LESSON, BRANCH, date(2026, 11, 25)).id == 1
    assert rules.of(Source.LESSON, BRANCH, date(2026, 12, 1)).id == 2
    assert rules.of(Source.LESSON, BRANCH, date(2025, 12, 1)).id is None
    assert rules.of(Source.LESSON, "/QIT/", date(2026, 12, 1)).id is None
    corrected = replace(street, id=9)
    assert Conversions([street, corrected]).of(Source.LESSON, BRANCH, date(2026, 5, 1)).id == 9


def test_what_is_no_study_gives_no_entry_at_all() -> None:
    visit = gathered(240, source=Source.HOME_VISIT)
    assert credits_of([there(0, event=visit)], RULES) == []


def test_a_class_over_the_turn_of_the_year_is_split_and_loses_nothing() -> None:
    event = gathered(4 * 24 * 60 - 16 * 60, starts_at=datetime(2026, 12, 30, 1, tzinfo=UTC))
    first, second = credits_of([there(0, event=event)], RULES)
    assert (first.year, first.halves, first.day) == (2026, 32, date(2026, 12, 30))
    assert (second.year, second.halves, second.day) == (2027, 32, date(2027, 1, 1))
    assert "跨年" in first.words
    training = trained(4, Unit.DAY, date(2026, 12, 31), date(2027, 1, 5))
    assert [(one.year, one.halves) for one in credits_of([training], RULES)] == [
        (2026, 16),
        (2027, 48),
    ]


@pytest.mark.parametrize(
    ("quantity", "unit", "hours"),
    [(5, Unit.DAY, "40"), (2.5, Unit.DAY, "20"), (3, Unit.HALF_DAY, "12"), (1.5, Unit.HOUR, "1.5")],
)
def test_other_training_counts_by_day_half_day_and_hour(
    quantity: float, unit: Unit, hours: str
) -> None:
    assert hours_of(trained(quantity, unit, date(2026, 3, 2), date(2026, 3, 8))) == hours


def made_up(halves: int, **values) -> MadeUp:
    given = {"source": Source.MAKE_UP, "event": gathered(120), **values}
    return MadeUp(1, path=BRANCH, made_on=date(2026, 12, 1), halves=halves, **given)


def test_a_make_up_gives_at_most_what_the_lesson_would_have_given() -> None:
    assert hours_of(made_up(2)) == "1"
    assert hours_of(made_up(20)) == "2"
    assert hours_of(made_up(4, source=Source.SELF_STUDY)) == "0"
    assert credits_of([made_up(0)], RULES) == []


def test_one_event_credits_a_person_once() -> None:
    facts: list[Fact] = [made_up(4), there(120)]
    (credit,) = credits_of(facts, RULES)
    assert credit.make_up_id is None
    # Two records of one gathering are two rows of one roll to nobody.
    assert total(credits_of([there(120), there(120)], RULES)) == 4


def test_another_giving_on_whose_roll_one_stands_is_not_counted_twice() -> None:
    again = gathered(120, event_id=2, starts_at=datetime(2026, 12, 1, 1, tzinfo=UTC))
    facts: list[Fact] = [made_up(4, is_other_session=True), there(0, event=again)]
    assert total(credits_of(facts, RULES)) == 4
    assert "不重复计" in credits_of(facts, RULES)[-1].words + credits_of(facts, RULES)[0].words


def test_the_cap_of_a_year_takes_what_is_confirmed_first() -> None:
    capped = rule(cap_year=6)
    facts = [
        there(0, event=gathered(120, event_id=1), is_confirmed=False),
        there(0, event=gathered(120, event_id=2, starts_at=NINE + timedelta(days=1))),
        there(0, event=gathered(120, event_id=3, starts_at=NINE + timedelta(days=2))),
    ]
    by_event = {one.event_id: one for one in credits_of(facts, capped)}
    assert [by_event[number].halves for number in (2, 3, 1)] == [4, 2, 0]
    assert "每年最多 3" in by_event[3].words


facts_of_a_life = st.lists(
    st.one_of(
        st.builds(
            lambda number, minutes, day, confirmed, late: there(
                0,
                event=gathered(minutes, event_id=number, starts_at=NINE - timedelta(days=day)),
                is_confirmed=confirmed,
                came_at=NINE - timedelta(days=day) + timedelta(minutes=late),
            ),
            st.integers(1, 12),
            st.integers(10, 2000),
            st.integers(0, 700),
            st.booleans(),
            st.integers(0, 200),
        ),
        st.builds(
            lambda number, days, quantity: trained(
                min(quantity, days + 1),
                Unit.DAY,
                date(2025, 12, 20),
                date(2025, 12, 20) + timedelta(days=days),
                training_id=number,
            ),
            st.integers(1, 5),
            st.integers(0, 40),
            st.integers(1, 20),
        ),
    ),
    max_size=20,
)


@given(facts_of_a_life, st.randoms(use_true_random=False), st.one_of(st.none(), st.integers(0, 40)))
def test_what_comes_out_does_not_depend_on_the_order_of_the_facts(facts, chance, cap) -> None:
    unique = list({(getattr(f, "training_id", 0) or -f.event.event_id): f for f in facts}.values())
    rules = rule(cap_year=cap, since=date(2020, 1, 1))
    made = credits_of(unique, rules)
    chance.shuffle(unique)
    assert credits_of(unique, rules) == made
    assert len({one.key for one in made}) == len(made)
    assert all(one.halves >= 0 for one in made)
    if cap is not None:
        for year in {one.year for one in made}:
            lessons = [o.halves for o in made if o.year == year and o.source is Source.LESSON]
            assert sum(lessons) <= cap


@given(facts_of_a_life)
def test_a_year_reckoned_alone_is_the_year_reckoned_with_all_others(facts) -> None:
    unique = list({(getattr(f, "training_id", 0) or -f.event.event_id): f for f in facts}.values())
    whole = credits_of(unique, RULES)
    for year in {one.year for one in whole}:
        touching = [
            fact
            for fact in unique
            if isinstance(fact, Trained) and (fact.starts_on.year <= year <= fact.ends_on.year)
        ] + [
            fact
            for fact in unique
            if isinstance(fact, Attended)
            and any(one.year == year and one.event_id == fact.event.event_id for one in whole)
        ]
        alone = [one for one in credits_of(touching, RULES) if one.year == year]
        assert alone == [one for one in whole if one.year == year]


# ---- what is owed

OWED = Thresholds(THRESHOLDS)


@pytest.mark.parametrize(
    ("owing", "hours"),
    [
        (Owing(BRANCH), "32"),
        (Owing(BRANCH, since=date(2026, 1, 1)), "32"),
        (Owing(BRANCH, since=date(2026, 3, 15)), "24"),  # nine months
        (Owing(BRANCH, since=date(2026, 6, 2)), "16"),
        (Owing(BRANCH, since=date(2026, 5, 20)), "18.5"),  # 7/12 of 32, cut to the half
        (Owing(BRANCH, exempt=[Term(date(2026, 7, 1), None)]), "16"),
        # Ill from March to May, and due again.
        (Owing(BRANCH, exempt=[Term(date(2026, 3, 1), date(2026, 5, 31))]), "24"),
        (Owing(BRANCH, terms=[Term(None, None)]), "56"),
        (Owing(BRANCH, terms=[Term(date(2026, 7, 1), None)]), "44"),
        (Owing(BRANCH, terms=[Term(None, date(2025, 12, 31))]), "32"),
    ],
)
def test_what_is_owed_follows_the_months(owing: Owing, hours: str) -> None:
    found = owed(owing, 2026, OWED)
    assert found.halves is not None
    assert hours_words(found.halves) == hours


def test_who_is_exempt_all_year_or_not_here_yet_owes_nothing() -> None:
    assert owed(Owing(BRANCH, exempt=[Term(None, None)]), 2026, OWED).halves is None
    assert owed(Owing(BRANCH, since=date(2026, 12, 2)), 2026, OWED).halves is None
    since_last_year = Owing(BRANCH, exempt=[Term(date(2025, 3, 1), None)])
    assert owed(since_last_year, 2026, OWED).halves is None


def test_a_street_may_owe_otherwise_and_without_sharing_by_month() -> None:
    own = Threshold(4, Category.MEMBER, "/ZHL/", 2026, 80, prorates=False)
    rows = Thresholds([*THRESHOLDS, own])
    late = Owing(BRANCH, since=date(2026, 10, 5))
    assert owed(late, 2026, rows).halves == 80
    assert owed(late, 2025, rows).halves is None
    assert owed(Owing("/XGZ/"), 2026, rows).halves == 64


def test_officers_are_there_with_hours_and_a_concentrated_training() -> None:
    mine = owed(Owing(BRANCH, terms=[Term(None, None)]), 2026, OWED)
    assert mine.concentrated == 1
    assert not Standing(mine, confirmed=112).is_there
    assert Standing(mine, confirmed=112, concentrated=1).is_there
    assert Standing(mine, confirmed=100, concentrated=1).missing == 12
    assert owed(Owing(BRANCH, terms=[Term(date(2026, 8, 1), None)]), 2026, OWED).concentrated == 0
