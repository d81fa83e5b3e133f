"""The list of the invited: finding people, pasting a list, asking about doubtful lines."""

from typing import Any

import pytest
from flask import Flask

from portal.database import db
from portal.events.models import Audience, Event, EventInvitation, EventState
from portal.people.models import Person
from tests import factories
from tests.factories import Street
from tests.page import Browser


@pytest.fixture
def event(app: Flask, any_database: str) -> Event:
    """An event for the invited of 汕头路, and people with names to look for."""
    street = Street()
    factories.person("王䶮", street.branch_one, phone="13900000001")
    factories.person("阿依古丽·买买提", street.branch_two, phone="13900000002")
    factories.person("张伟", street.branch_one, phone="13900000003")
    factories.person("张伟", street.branch_two, phone="13900000004")
    factories.person("远方人", street.branch_far, phone="13900000005")
    made = factories.event(street.shantou, street.secretary, audience=Audience.INVITED)
    factories.commit()
    return made


def invited(event: Event) -> set[str]:
    wanted = (
        db.select(Person.name, Person.phone)
        .join(EventInvitation, EventInvitation.person_id == Person.id)
        .where(EventInvitation.event_id == event.id)
    )
    return {f"{name}{phone[-1]}" for name, phone in db.session.execute(wanted)}


def path(event: Event) -> str:
    return f"/events/{event.id}/invitations"


def test_a_pasted_list_is_matched_and_the_doubtful_are_asked(
    browser: Browser, event: Event
) -> None:
    pasted = "1. 王䶮\n2、阿依古丽•买买提\n3. 张伟\n13900000001，没有这人\n远方人\n\n"
    page = browser.sign_in("secretary").post(path(event), {"names": pasted})
    assert page.status == 200
    assert invited(event) == {"王䶮1", "阿依古丽·买买提2"}
    assert "“张伟”有 2 人重名" in page.text
    assert "没有这人" in page.text
    assert "远方人" in page.text
    form = next(form for form in page.forms() if "person-1" in form.fields)
    second = page.find_all("input", name="person-1")[1].get("value")
    form.fields["person-1"] = second
    page = browser.submit(form)
    assert "已邀请 3 人" in page.text
    assert invited(event) == {"王䶮1", "阿依古丽·买买提2", "张伟4"}


def test_a_phone_number_decides_between_people_of_one_name(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary").post(path(event), {"names": "张伟 13900000004"})
    assert invited(event) == {"张伟4"}


def test_who_is_invited_already_is_not_invited_twice(browser: Browser, event: Event) -> None:
    browser.sign_in("secretary").post(path(event), {"names": "王䶮"})
    page = browser.post(path(event), {"names": "王䶮\n王䶮"})
    assert page.status == 200
    assert invited(event) == {"王䶮1"}


def test_people_are_found_and_ticked(browser: Browser, event: Event, way: str) -> None:
    browser.sign_in("secretary")
    page = browser.get(path(event), q="王䶮", htmx=way == "htmx")
    assert page.whole == (way == "plain")
    form = page.form("/invitations/people")
    ticked = page.find_all("input", name="person")[0].get("value")
    page = browser.submit(form, person=ticked)
    assert invited(event) == {"王䶮1"}
    page = browser.get(path(event), q="王䶮")
    assert not page.find_all("input", name="person")
    page = browser.submit(page.form("/withdraw"))
    assert "已从邀请名单中移出" in page.text
    assert invited(event) == set()


def test_people_of_another_community_are_neither_found_nor_invited(
    browser: Browser, event: Event
) -> None:
    far = db.session.scalars(db.select(Person.id).where(Person.name == "远方人")).one()
    browser.sign_in("secretary")
    assert not browser.get(path(event), q="远方").find_all("input", name="person")
    browser.post(f"{path(event)}/people", {"person": str(far)})
    assert invited(event) == set()
    Browser(browser.app).sign_in("office").post(path(event), {"names": "远方人"})
    assert invited(event) == {"远方人5"}


def test_the_invited_see_the_event_and_others_do_not(browser: Browser, event: Event) -> None:
    title, name = event.title, path(event).removesuffix("/invitations")
    browser.sign_in("secretary").post(path(event), {"names": "党员测试丙"})
    assert title in Browser(browser.app).sign_in("c").get(name).text
    assert Browser(browser.app).sign_in("b").get(name).status == 404


@pytest.mark.parametrize(
    "names", ["", "  ", "字" * 20_001, "\n".join(f"人{number}" for number in range(501))]
)
def test_a_list_that_cannot_be_read_is_refused_as_typed(
    browser: Browser, event: Event, names: str
) -> None:
    page = browser.sign_in("secretary").post(path(event), {"names": names})
    assert page.status == 422
    assert page.errors()["names"]
    assert page.alert
    assert (page.find_all("textarea", name="names")[0].text or "").strip() == names.strip()
    assert invited(event) == set()


@pytest.mark.parametrize("typed", ["'", "%", "#", "a" * 5000, "𬱖", "1 OR 1=1"])
def test_hostile_searches_find_nobody(browser: Browser, event: Event, typed: str) -> None:
    page = browser.sign_in("secretary").get(path(event), q=typed)
    assert page.status == 200
    assert not page.find_all("input", name="person")


@pytest.mark.parametrize("sent", [{}, {"person-1": "x"}, {"person": "9" * 30}])
def test_choosing_nobody_is_said_and_who_was_found_is_still_there(
    browser: Browser, event: Event, sent: dict[str, Any]
) -> None:
    form = browser.sign_in("secretary").get(path(event), q="张伟").form("/invitations/people")
    page = browser.submit(form, **sent)
    assert page.status == 422
    assert "没有选中" in page.alert
    assert page.find_all("input", name="q")[-1].get("value") == "张伟"
    assert len(page.find_all("input", name="person")) == 2


def test_none_of_these_is_an_answer(browser: Browser, event: Event) -> None:
    asked = browser.sign_in("secretary").post(path(event), {"names": "张伟"})
    form = next(form for form in asked.forms() if "person-1" in form.fields)
    page = browser.submit(form)
    assert page.status == 200
    assert "没有新邀请的人" in page.text
    assert invited(event) == set()


def test_a_settled_event_invites_nobody(browser: Browser, event: Event) -> None:
    event.state = EventState.RECORDED
    page = browser.sign_in("secretary").post(path(event), {"names": "王䶮"})
    assert page.status == 409
    assert invited(event) == set()


def test_a_new_event_for_the_invited_leads_to_its_list(browser: Browser) -> None:
    Street()
    form = browser.sign_in("secretary").get("/events/new").form("/events/new")
    page = browser.submit(
        form,
        title="座谈会",
        kind="seminar",
        starts_at="2027-03-01T09:00",
        ends_at="2027-03-01T11:00",
        audience="invited",
    )
    assert "粘贴名单" in page.text
    assert "邀请名单" in page.links()
