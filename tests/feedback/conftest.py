"""An event that is over, with people who were there, and a questionnaire."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.attendance.models import AttendanceEntry, AttendanceStatus, Roll
from portal.database import db, write_transaction
from portal.events import queries as events
from portal.events.models import Event
from portal.feedback import queries, services
from portal.feedback.models import EventFeedback
from portal.feedback.questions import Question, QuestionKind, Reply
from portal.people.models import Person
from tests import factories
from tests.factories import Street
from tests.page import Browser

QUESTIONS = (
    Question(QuestionKind.SCALE, "满意吗？", ("很满意", "满意", "一般", "不满意", "很不满意")),
    Question(QuestionKind.SINGLE, "时长合适吗？", ("偏短", "正合适", "偏长")),
    Question(QuestionKind.MULTIPLE, "哪里可以改进？", ("内容", "场地", "组织")),
    Question(QuestionKind.TEXT, "还有什么建议？"),
)
HAPPY: tuple[Reply, ...] = (frozenset({0}), frozenset({1}), frozenset({0, 2}), "再多讲些例子")
SOUR: tuple[Reply, ...] = (frozenset({4}), frozenset(), frozenset(), "")
LEAST = 3


@dataclass
class Afterwards:
    """The street after an event of 汕头路."""

    street: Street
    event: Event

    def attend(self, *people: Person, status: AttendanceStatus = AttendanceStatus.PRESENT) -> None:
        """Let these people stand on the roll."""
        if db.session.scalar(db.select(Roll.id).where(Roll.event_id == self.event.id)) is None:
            now = clock.now()
            db.session.add(
                Roll(event_id=self.event.id, opened_at=now, drawn_at=now, code_secret="x")
            )
        for person in people:
            db.session.add(
                AttendanceEntry(
                    event_id=self.event.id,
                    person_id=person.id,
                    name=person.name,
                    status=status,
                    is_listed=True,
                    has_come=status.value in {"present", "late", "left_early"},
                )
            )
        factories.commit()

    def ask(self, questions: tuple[Question, ...] = QUESTIONS, days: int = 7) -> EventFeedback:
        """Choose the questionnaire."""
        with write_transaction():
            services.ask(
                event=events.event(self.event.id),
                name="测试问卷",
                questions=questions,
                days=days,
                version=None,
                actor=self.street.secretary,
            )
        return queries.feedback(self.event.id)

    def answer(self, *people: Person, replies: tuple[Reply, ...] = HAPPY) -> None:
        """Let these people answer the same."""
        for person in people:
            with write_transaction():
                asked = queries.feedback(self.event.id)
                services.answer(
                    event=events.event(self.event.id),
                    version=asked.version,
                    replies=replies,
                    least=LEAST,
                    actor=db.session.merge(person),
                )

    def crowd(self, size: int) -> list[Person]:
        """Return so many members of branch one who were there."""
        people = [
            factories.person(f"到场测试{number}", self.street.branch_one) for number in range(size)
        ]
        factories.commit()
        self.attend(*people)
        return people

    def path(self, rest: str = "") -> str:
        return f"/events/{self.event.id}/feedback{rest}"


@pytest.fixture
def street(app: Flask) -> Street:
    return Street()


@pytest.fixture
def afterwards(street: Street) -> Afterwards:
    """An open event of 汕头路 that ended an hour ago."""
    event = factories.event(
        street.shantou, street.secretary, starts_at=clock.now() - timedelta(hours=3)
    )
    factories.commit()
    return Afterwards(street, event)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], Browser]:
    return lambda username: Browser(app).sign_in(username)


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """The fields of the questionnaire on a page, with these replies."""
    return {**page.form("/feedback/answer").fields, **changes}
