"""People hear of an event once: the call, each change; the host sees how many."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.database import db
from portal.events import details as written
from portal.events import invitation_services, moves, queries, services
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventInvitation,
    EventNotice,
    EventState,
)
from portal.messages.models import Message, MessageKind
from portal.people.models import Person
from portal.signups.models import Signup, SignupOrigin, SignupStatus
from tests import factories
from tests.factories import Street
from tests.page import Browser

LATER = timedelta(days=9)


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


def held(street: Street, **values: Any) -> Event:
    """An event of 汕头路, loaded as views load it."""
    due = values.pop("due", ())
    made = factories.event(street.shantou, street.secretary, **values)
    for organisation in due:
        db.session.add(EventDueOrganisation(event_id=made.id, organisation_id=organisation.id))
    db.session.commit()
    db.session.expire_all()
    return queries.event(made.id)


def listed(event: Event, person: Person, status: SignupStatus) -> None:
    db.session.add(
        Signup(
            event_id=event.id,
            person_id=person.id,
            status=status,
            origin=SignupOrigin.SELF,
            signed_up_by_id=person.id,
            created_at=clock.now(),
        )
    )
    db.session.flush()


def inbox(person: Person) -> list[str]:
    wanted = select(Message.subject).where(Message.person_id == person.id).order_by(Message.id)
    return [subject.split("：")[0] for subject in db.session.scalars(wanted)]


def bodies(person: Person) -> str:
    return "\n".join(db.session.scalars(select(Message.body).where(Message.person_id == person.id)))


def edited(event: Event, street: Street, **changes: Any) -> int:
    details = replace(written.of(event), **changes)
    return services.edit(event=event, details=details, actor=street.secretary).number


def test_all_on_the_list_hear_once_that_it_is_called_off(street: Street) -> None:
    event = held(street)
    listed(event, street.a, SignupStatus.CONFIRMED)
    listed(event, street.b, SignupStatus.WAITLISTED)
    listed(event, street.c, SignupStatus.CANCELLED)
    told = moves.cancel(event=event, reason="天气原因", actor=street.secretary)
    assert told.number == 2
    assert inbox(street.a) == inbox(street.b) == ["已取消"]
    assert inbox(street.c) == inbox(street.d) == []
    assert "说明：天气原因" in bodies(street.a)


def test_the_same_put_off_twice_is_told_once_and_a_new_time_again(street: Street) -> None:
    event = held(street)
    listed(event, street.a, SignupStatus.CONFIRMED)
    for reason in ("维修", "维修", "还没有修好"):
        moves.postpone(event=event, reason=reason, actor=street.secretary)
    assert inbox(street.a) == ["延期待定"]
    for _ in range(2):
        moves.postpone(
            event=event,
            reason="修好了",
            starts_at=clock.now().replace(microsecond=0) + LATER,
            actor=street.secretary,
        )
        event.state = EventState.POSTPONED
        assert inbox(street.a) == ["延期待定", "时间已定"]
        event.state = EventState.PUBLISHED
        event.moved_from_at = None
        break
    moves.cancel(event=event, reason="不办了", actor=street.secretary)
    assert inbox(street.a) == ["延期待定", "时间已定", "已取消"]


def test_a_change_of_time_or_place_is_told_and_any_other_is_not(street: Street) -> None:
    event = held(street)
    listed(event, street.a, SignupStatus.CONFIRMED)
    assert edited(event, street, summary="多写几句", title="新题目") == 0
    assert edited(event, street, place="二楼") == 1
    assert edited(event, street, place="二楼") == 0
    assert edited(event, street, place="三楼") == 1
    # Back to where it was: those who know of the third floor hear of it.
    assert edited(event, street, place="二楼") == 1
    assert edited(event, street, ends_at=event.ends_at + timedelta(hours=1)) == 1
    assert inbox(street.a) == ["改地点", "改地点", "改地点", "改时间"]


def test_who_is_due_is_called_once_however_often_it_is_published(street: Street) -> None:
    exempt = factories.person("免过甲", street.branch_one, is_exempt=True)
    factories.account(exempt, "exempt")
    event = held(street, state=EventState.DRAFT, audience=Audience.DUE, due=[street.branch_one])
    told = moves.publish(event=event, actor=street.secretary)
    # Office, branch, recorder, keeper, a, b; the secretary publishes, the exempt may stay away.
    assert told.number == 6
    assert inbox(street.a) == ["请您参加"]
    assert inbox(street.c) == inbox(exempt) == inbox(street.secretary) == []
    moves.postpone(event=event, reason="维修", actor=street.secretary)
    event.starts_at, event.ends_at = event.starts_at + LATER, event.ends_at + LATER
    assert moves.publish(event=event, actor=street.secretary).number == 6
    assert inbox(street.a) == ["请您参加", "延期待定", "时间已定"]


def test_who_is_due_later_is_called_later_and_the_others_not_again(street: Street) -> None:
    event = held(street, state=EventState.DRAFT, audience=Audience.DUE, due=[street.branch_one])
    moves.publish(event=event, actor=street.secretary)
    edited(event, street, due=(street.branch_one, street.branch_two))
    assert inbox(street.a) == inbox(street.c) == ["请您参加"]


def test_the_invited_are_called_when_it_is_published_and_those_after_at_once(
    street: Street,
) -> None:
    event = held(street, state=EventState.DRAFT, audience=Audience.INVITED)
    actor = queries_actor(street.secretary)
    invitation_services.invite(event=event, person_ids=[street.a.id], actor=actor)
    assert inbox(street.a) == []
    moves.publish(event=event, actor=actor)
    invitation_services.invite(event=event, person_ids=[street.a.id, street.c.id], actor=actor)
    assert inbox(street.a) == inbox(street.c) == ["请您参加"]


def queries_actor(person: Person) -> Person:
    """The person with grants, as a request has it."""
    from tests.access.world import _with_grants

    return _with_grants(person)


def test_an_open_event_calls_nobody(street: Street) -> None:
    event = held(street, state=EventState.DRAFT)
    assert moves.publish(event=event, actor=street.secretary).number == 0
    assert inbox(street.a) == []


def test_what_has_begun_or_is_over_is_told_to_nobody(street: Street) -> None:
    past = clock.now() - timedelta(days=2)
    event = held(
        street,
        state=EventState.DRAFT,
        audience=Audience.DUE,
        due=[street.branch_one],
        starts_at=past,
    )
    listed(event, street.a, SignupStatus.CONFIRMED)
    assert moves.publish(event=event, actor=street.secretary).number == 0
    assert edited(event, street, place="实际在二楼") == 0
    assert inbox(street.a) == []


def test_a_draft_that_changes_is_told_to_nobody(street: Street) -> None:
    event = held(street, state=EventState.DRAFT, audience=Audience.INVITED)
    db.session.add(
        EventInvitation(
            event_id=event.id,
            person_id=street.a.id,
            invited_by_id=street.secretary.id,
            invited_at=clock.now(),
        )
    )
    assert edited(event, street, place="二楼") == 0
    assert inbox(street.a) == []


def test_the_host_sees_how_many_were_told_and_who_cannot_be(browser: Browser, way: str) -> None:
    street = Street()
    without = factories.person("无账号甲", street.branch_one)
    event = held(street)
    listed(event, street.a, SignupStatus.CONFIRMED)
    listed(event, without, SignupStatus.CONFIRMED)
    factories.commit()
    path = f"/events/{event.id}"
    form = browser.sign_in("secretary").get(path).form("/cancel")
    page = browser.submit(form, htmx=way == "htmx", reason="天气原因。")
    assert "已通知 1 人；1 人没有账号，请另行告知" in page.text
    assert "已通知 1 人" in browser.get(path).text
    assert browser.post(f"{path}/cancel", {"reason": "再按一次"}).status == 409
    assert len(db.session.scalars(select(Message.id)).all()) == 1
    assert len(db.session.scalars(select(EventNotice.id)).all()) == 1
    reader = Browser(browser.app).sign_in("a")
    assert "已通知" not in reader.get(path).text
    page = reader.get("/inbox/")
    page = reader.get(page.links()[f"未读：已取消：{event.title}"])
    assert "天气原因" in page.text
    assert page.links()["去看看"] == path


def test_who_moves_up_is_told_of_the_place(browser: Browser) -> None:
    street = Street()
    event = held(street, capacity=1)
    for name in ("a", "b", "c"):
        page = Browser(browser.app).sign_in(name)
        page.post(f"/events/{event.id}/signups")
    Browser(browser.app).sign_in("a").post(f"/events/{event.id}/signups/cancel")
    assert inbox(street.b) == ["候补已转为报名成功"]
    assert inbox(street.c) == []
    Browser(browser.app).sign_in("b").post(f"/events/{event.id}/signups/cancel")
    assert inbox(street.c) == ["候补已转为报名成功"]
    # Back in the line, and moved up once more: that is news again.
    Browser(browser.app).sign_in("b").post(f"/events/{event.id}/signups")
    Browser(browser.app).sign_in("c").post(f"/events/{event.id}/signups/cancel")
    assert inbox(street.b) == ["候补已转为报名成功"] * 2
    kinds = db.session.scalars(select(Message.kind)).all()
    assert set(kinds) == {MessageKind.PLACE}


def test_five_hundred_are_told_with_as_many_statements_as_five(
    app: Flask, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    street = Street()

    def statements(event: Event) -> int:
        event = queries.event(event.id)
        return queries_of(lambda: moves.cancel(event=event, reason="天气", actor=street.secretary))

    few, many = held(street), held(street)
    listed(few, street.a, SignupStatus.CONFIRMED)
    for number in range(100):
        person = factories.person(f"众人{number}", street.branch_one)
        factories.account(person, f"many{number}")
        listed(many, person, SignupStatus.CONFIRMED)
    db.session.commit()
    assert statements(few) == statements(many)
    assert len(db.session.scalars(select(Message.id)).all()) == 101
