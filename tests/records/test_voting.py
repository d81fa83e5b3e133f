"""Quorum and majority by the right denominators, with the formula in words (DOMAIN 2.4)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.database import db
from portal.people.models import Person
from portal.records.models import RecordKind, Vote, VoteBasis
from portal.records.voting import judge
from tests import factories
from tests.page import Browser, text_of
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]
Basis = VoteBasis


@dataclass(frozen=True)
class Count:
    basis: VoteBasis
    listed: int
    present: int
    votes_for: int
    without_vote: int = 0
    left_out: int = 0
    votes_against: int = 0
    abstained: int = 0
    invalid: int = 0


# Who should attend, who came, votes for -> is it valid, does it carry.
TABLE = [
    # A resolution: at least half present; more than half of those who should attend, in favour.
    (Count(Basis.RESOLUTION, 20, 10, 10), True, False),
    (Count(Basis.RESOLUTION, 20, 11, 11), True, True),
    (Count(Basis.RESOLUTION, 20, 9, 9), False, False),
    (Count(Basis.RESOLUTION, 20, 20, 10, votes_against=10), True, False),
    (Count(Basis.RESOLUTION, 21, 11, 11), True, True),
    (Count(Basis.RESOLUTION, 21, 10, 10), False, False),
    (Count(Basis.RESOLUTION, 21, 21, 10, abstained=11), True, False),
    # Most of those present are not most of those who should attend.
    (Count(Basis.RESOLUTION, 30, 16, 15, votes_against=1), True, False),
    # Those without a vote and those left out with approval shrink the denominator.
    (Count(Basis.RESOLUTION, 24, 11, 11, without_vote=2, left_out=2), True, True),
    (Count(Basis.RESOLUTION, 24, 11, 11), False, False),
    # An election: four fifths present; more than half of those present.
    (Count(Basis.ELECTION, 20, 16, 9), True, True),
    (Count(Basis.ELECTION, 20, 16, 8), True, False),
    (Count(Basis.ELECTION, 20, 15, 15), False, False),
    (Count(Basis.ELECTION, 21, 17, 9), True, True),
    (Count(Basis.ELECTION, 21, 16, 16), False, False),
    (Count(Basis.ELECTION, 25, 16, 9, left_out=5), True, True),
    # A committee of five.
    (Count(Basis.COMMITTEE, 5, 3, 3), True, True),
    (Count(Basis.COMMITTEE, 5, 2, 2), False, False),
    (Count(Basis.COMMITTEE, 4, 2, 2), True, False),
    # Nobody should attend: nothing carries.
    (Count(Basis.RESOLUTION, 0, 0, 0), False, False),
    (Count(Basis.RESOLUTION, 3, 0, 0, left_out=3), False, False),
]


@pytest.mark.parametrize(("count", "is_quorate", "has_carried"), TABLE)
def test_a_vote_is_valid_and_carries(count: Count, is_quorate: bool, has_carried: bool) -> None:
    verdict = judge(count)
    assert (verdict.is_quorate, verdict.has_carried) == (is_quorate, has_carried)


def test_the_formula_is_told_in_words_and_numbers() -> None:
    verdict = judge(Count(Basis.RESOLUTION, 24, 14, 11, without_vote=2, left_out=1))
    assert verdict.due_words == (
        "应到会有表决权的党员 21 人 = 名册应到（含免参加）24 人 − 无表决权 2 人 − 经批准不计入 1 人"
    )
    assert verdict.quorum_words == "实到 14 人，达到应到会 21 人的半数（10.5）"
    assert verdict.majority_words == "赞成 11 票，超过应到会 21 人的半数（10.5）"
    assert (verdict.words, verdict.silent) == ("通过", 3)
    election = judge(Count(Basis.ELECTION, 21, 16, 12))
    assert election.quorum_words == "实到 16 人，没有达到应到会 21 人的五分之四（16.8）"
    assert election.majority_words == "赞成 12 票，超过实到会 16 人的半数（8）"
    assert election.words == "表决无效"


@given(
    basis=st.sampled_from(list(VoteBasis)),
    listed=st.integers(0, 200),
    present=st.integers(0, 200),
    votes=st.integers(0, 200),
)
def test_nothing_carries_without_a_quorum_and_one_more_vote_never_harms(
    basis: VoteBasis, listed: int, present: int, votes: int
) -> None:
    present = min(present, listed)
    votes = min(votes, present)
    verdict = judge(Count(basis, listed, present, votes))
    assert not verdict.has_carried or verdict.is_quorate
    assert not verdict.has_carried or 2 * votes > present
    if verdict.has_carried and votes < present:
        assert judge(Count(basis, listed, present, votes + 1)).has_carried


def test_the_roll_says_who_should_attend_and_the_exempt_and_sick_are_among_them(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    event = hall.seminar()
    record = hall.record(event, RecordKind.BRANCH_CONGRESS)
    at(NINE)
    listed = len(hall.statuses(event))
    hall.mark(event, hall.a, "exempt")
    hall.mark(event, hall.b, "leave_sick")
    hall.mark(event, hall.branch, "present")
    recorder = as_("recorder")
    page = recorder.get(f"/records/{record.id}/votes/new")
    assert f"名册应到（含免参加）{listed} 人，其中到会 1 人" in page.text
    page = recorder.submit(page.form("/votes/new"), matter="公约", votes_for="1")
    (shown,) = page.by("data-vote", "void")
    assert f"应到会有表决权的党员 {listed} 人" in text_of(shown)
    vote = db.session.scalars(select(Vote)).one()
    assert (vote.listed, vote.present, vote.basis) == (listed, 1, VoteBasis.RESOLUTION)
    page = recorder.submit(page.form(f"/votes/{vote.id}/remove"))
    assert not page.by("data-vote")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"left_out": "1"}, "left_out_basis"),
        ({"left_out": "99", "left_out_basis": "批复"}, "left_out"),
        ({"present": "99"}, "present"),
        ({"votes_for": "2", "votes_against": "9"}, "votes_for"),
        ({"basis": "committee"}, "listed"),
        ({"votes_for": ""}, "votes_for"),
        ({"matter": ""}, "matter"),
    ],
)
def test_numbers_that_do_not_fit_are_refused_beside_the_field(
    hall: Hall, as_: As, at: At, typed: dict[str, str], field: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}/votes/new").form("/votes/new")
    fields = {"matter": "公约", "present": "3", "votes_for": "2", **typed}
    page = recorder.submit(form, htmx=False, **fields)
    assert page.status == 422
    assert field in page.errors()
    assert db.session.scalars(select(Vote)).all() == []


def test_a_branch_below_the_host_counts_its_own_people(hall: Hall, as_: As, at: At) -> None:
    def others(branch) -> None:
        for number in range(3):
            person: Person = factories.person(f"邻支部{number}", branch)
            assert person.id

    others(hall.branch_two)
    event = hall.seminar(host=hall.shantou)
    hall.also_due(event, hall.branch_two)
    record = hall.record(event, actor=hall.secretary)
    at(NINE + HOUR)
    statuses = hall.statuses(event)
    assert any(name.startswith("邻支部") for name in statuses)
    page = as_("secretary").get(f"/records/{record.id}")
    assert "党员测试甲" in page.text
    assert "邻支部" not in page.text
