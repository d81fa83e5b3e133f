"""The rules of lessons that need no database: who may, which moves, what is still missing."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.lessons import policies, queries
from portal.lessons.details import Details, check, hours_words, missing
from portal.lessons.models import (
    OPEN,
    LecturerOrigin,
    Lesson,
    LessonForm,
    LessonState,
    LessonVersion,
)
from portal.lessons.states import Move, after, may_follow
from portal.people.models import Person, RoleGrant
from tests import factories
from tests.factories import Street

KEEPERS = {"office", "secretary", "branch", "recorder"}
REVIEWERS = {"office", "secretary"}
PEOPLE = {
    *("office", "secretary", "secretary2", "branch", "recorder", "keeper", "officer", "visitor"),
    *("sysadmin", "secadmin", "auditor", "a", "d"),
}


@pytest.fixture
def street(app: Any) -> Street:
    return Street()


def somebody(street: Street, name: str) -> Person:
    wanted = getattr(street, name).id
    to_grants = selectinload(Person.grants).joinedload(RoleGrant.organisation)
    statement = db.select(Person).where(Person.id == wanted).options(to_grants)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def a_lesson(street: Street, state: LessonState = LessonState.DRAFT) -> Lesson:
    made = factories.lesson(street.branch_one, street.branch, state=state)
    wanted = db.select(Lesson).where(Lesson.id == made.id).options(joinedload(Lesson.organisation))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_who_may_what_about_a_lesson_of_branch_one(street: Street, name: str) -> None:
    draft, published = a_lesson(street), a_lesson(street, LessonState.PUBLISHED)
    archived = a_lesson(street, LessonState.ARCHIVED)
    person = somebody(street, name)
    is_administrator = name in {"sysadmin", "secadmin", "auditor"}
    assert policies.may_keep(person, draft) == (name in KEEPERS)
    assert policies.may_see(person, draft) == (name in KEEPERS)
    assert policies.may_see(person, published) == (not is_administrator)
    assert policies.may_see(person, archived) == (not is_administrator)
    assert policies.may_write(person) == (name in KEEPERS | {"secretary2"})
    assert policies.may_give(person, published) == (name in KEEPERS | {"secretary2"})
    assert not policies.may_give(person, draft)
    assert not policies.may_give(person, archived)
    assert policies.may_review(person, draft, set()) == (name in REVIEWERS)
    assert not policies.may_review(person, draft, {person.id})
    # What the policy says is what the list shows.
    for lesson in (draft, published, archived):
        wanted = db.select(Lesson.id).where(Lesson.id == lesson.id, queries.visible_to(person))
        assert (db.session.scalar(wanted) is not None) == policies.may_see(person, lesson)


LEGAL = {
    (LessonState.DRAFT, Move.EDIT): LessonState.DRAFT,
    (LessonState.DRAFT, Move.DISCARD): LessonState.DRAFT,
    (LessonState.DRAFT, Move.SUBMIT): LessonState.IN_REVIEW,
    (LessonState.IN_REVIEW, Move.WITHDRAW): LessonState.DRAFT,
    (LessonState.IN_REVIEW, Move.RETURN): LessonState.RETURNED,
    (LessonState.IN_REVIEW, Move.PUBLISH): LessonState.PUBLISHED,
    (LessonState.RETURNED, Move.REVISE): LessonState.DRAFT,
    (LessonState.PUBLISHED, Move.REVISE): LessonState.DRAFT,
    (LessonState.PUBLISHED, Move.REPLACE): LessonState.REPLACED,
    (LessonState.PUBLISHED, Move.ARCHIVE): LessonState.ARCHIVED,
    (LessonState.ARCHIVED, Move.RESTORE): LessonState.PUBLISHED,
}


@pytest.mark.parametrize("state", list(LessonState))
@pytest.mark.parametrize("move", list(Move))
def test_every_move_is_legal_or_refused(state: LessonState, move: Move) -> None:
    wanted = LEGAL.get((state, move))
    assert may_follow(state, move) == (wanted is not None)
    if wanted is not None:
        assert after(state, move) is wanted
    else:
        with pytest.raises(ConflictError, match=move.label):
            after(state, move)


@given(st.lists(st.sampled_from(list(Move)), max_size=30))
def test_nothing_becomes_public_without_a_review(moves: list[Move]) -> None:
    """Whatever is pressed in whatever order: published comes from in_review or from archived."""
    state, seen = LessonState.DRAFT, []
    for move in moves:
        if not may_follow(state, move):
            continue
        before, state = state, after(state, move)
        seen.append(state)
        if state is LessonState.PUBLISHED:
            assert before in {LessonState.IN_REVIEW, LessonState.ARCHIVED}
            assert LessonState.IN_REVIEW in seen
        if before not in OPEN:
            assert move is not Move.EDIT


def version(**values: Any) -> LessonVersion:
    return LessonVersion(
        **{
            "lecturer_origin": LecturerOrigin.INSIDE,
            "lecturer_name": "党员测试甲",
            "lecturer_id": 1,
            "lecturer_unit": "",
            "lecturer_post": "",
            "approval_document": "",
            "approved_by": "",
            "minutes": 90,
            "body": "正文",
            **values,
        }
    )


INVITED = {
    "lecturer_origin": LecturerOrigin.INVITED,
    "lecturer_id": None,
    "lecturer_unit": "测试学院",
    "approval_document": "测批〔2026〕1号",
    "approved_by": "办公室测试甲",
}


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({}, None),
        ({"lecturer_name": ""}, "主讲人"),
        ({"lecturer_id": None}, "哪一位"),
        ({"minutes": None}, "时长"),
        ({"body": ""}, "正文"),
        (INVITED, None),
        ({**INVITED, "lecturer_unit": ""}, "单位"),
        ({**INVITED, "approval_document": ""}, "审批文件"),
        ({**INVITED, "approved_by": ""}, "批准人"),
    ],
)
def test_what_is_missing_before_a_review(changed: dict[str, Any], word: str | None) -> None:
    lacks = missing(version(**changed))
    assert (lacks == []) == (word is None)
    assert word is None or any(word in one for one in lacks)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " \u200b"}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"body": "字" * 50_001}, "body"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 601}, "minutes"),
        ({"credit_halves": -1}, "credit_hours"),
        ({"credit_halves": 49}, "credit_hours"),
    ],
)
def test_what_may_not_be_written(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(Details(**{"title": "一堂课", **changed}))
    assert refused.value.field == field


def test_hours_are_told_in_halves() -> None:
    assert [hours_words(halves) for halves in (0, 1, 2, 3)] == ["0", "0.5", "1", "1.5"]
    assert version(credit_halves=3).credit_hours == Decimal("1.5")
    assert version(credit_halves=None).credit_hours is None
    assert version(lecturer_unit="某社区", lecturer_post="书记").lecturer_words == (
        "党员测试甲（某社区书记）"
    )
    assert version(lecturer_name="", lecturer_unit="某社区").lecturer_words == ""


def test_every_member_of_the_closed_sets_has_its_words() -> None:
    for members in (LessonState, LessonForm, LecturerOrigin, Move):
        assert all(member.label for member in members)
