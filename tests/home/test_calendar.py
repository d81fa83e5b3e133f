"""My calendar: the file, and the secret address that calendar programs read."""

from datetime import timedelta

from flask import Flask
from icalendar import Calendar
from werkzeug.test import TestResponse

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import EventState
from portal.people.models import Account, Role
from tests import factories
from tests.home.conftest import DAY, Neighbourhood
from tests.page import Browser, Page


def titles(response: TestResponse) -> list[str]:
    assert response.status_code == 200
    assert response.mimetype == "text/calendar"
    calendar = Calendar.from_ical(response.get_data())
    return [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")]


def address_on(page: Page) -> str:
    return page.find_all("input", id="address")[0].get("value") or ""


def opened(browser: Browser) -> str:
    """Open the calendar; return the path of its address."""
    page = browser.submit(browser.get("/me/calendar").form("/me/calendar/open"))
    return address_on(page).removeprefix("http://localhost")


def account_of(username: str) -> Account:
    return db.session.scalars(db.select(Account).where(Account.username == username)).one()


def test_my_calendar_has_confirmed_places_and_what_i_am_due_at(
    street: Neighbourhood, member: Browser, any_database: str
) -> None:
    street.sign_up(street.event(title="报上名的"), street.a)
    full = street.event(title="在候补的", capacity=1)
    street.sign_up(full, street.b, street.a)
    street.due(street.branch_one, title="应到的")
    street.due(street.branch_two, title="别的支部的")
    street.event(title="没报名的")
    old = street.event(title="很久以前的")
    street.sign_up(old, street.a)
    old = db.session.merge(old)
    old.starts_at -= timedelta(days=400)
    old.ends_at -= timedelta(days=400)
    factories.commit()
    found = titles(member.client.get("/me/calendar.ics"))
    assert sorted(found) == sorted(["报上名的", "应到的"])


def test_a_cancelled_event_is_struck_out(street: Neighbourhood, member: Browser) -> None:
    event = street.event(title="净滩活动")
    street.sign_up(event, street.a)
    event = db.session.merge(event)
    event.state = EventState.CANCELLED
    factories.commit()
    assert titles(member.client.get("/me/calendar.ics")) == ["（已取消）净滩活动"]


def test_the_file_needs_a_session_and_the_address_none(
    app: Flask, street: Neighbourhood, member: Browser, any_database: str
) -> None:
    street.sign_up(street.event(title="报上名的"), street.a)
    path = opened(member)
    program = Browser(app).client
    assert program.get("/me/calendar.ics").status_code == 302
    assert titles(program.get(path)) == ["报上名的"]
    assert "Set-Cookie" not in program.get(path).headers


def test_the_address_opens_nothing_else(app: Flask, street: Neighbourhood, member: Browser) -> None:
    path = opened(member)
    program = Browser(app).client
    program.get(path)
    for other in ("/", "/me", "/me/data.json"):
        assert program.get(other).status_code == 302


def test_the_address_is_shown_again_and_not_kept_whole(
    street: Neighbourhood, member: Browser
) -> None:
    path = opened(member)
    assert address_on(member.get("/me/calendar")).endswith(path)
    number = account_of("a").calendar_token
    assert number
    assert path != f"/calendar/{number}.ics"
    assert member.client.get(f"/calendar/{number}.ics").status_code == 404


def test_a_new_address_shuts_the_old_one(street: Neighbourhood, member: Browser) -> None:
    old, new = opened(member), opened(member)
    assert old != new
    assert member.client.get(old).status_code == 404
    assert member.client.get(new).status_code == 200


def test_the_address_can_be_taken_away(street: Neighbourhood, member: Browser) -> None:
    path = opened(member)
    page = member.submit(member.get("/me/calendar").form("/me/calendar/close"))
    assert not page.find_all("input", id="address")
    assert member.client.get(path).status_code == 404
    page = member.post("/me/calendar/close")
    assert page.status == 409
    assert "不用停用" in page.alert


def test_wrong_addresses_open_nothing(app: Flask, street: Neighbourhood, member: Browser) -> None:
    path = opened(member)
    number, proof = path.removeprefix("/calendar/").removesuffix(".ics").split("-")
    program = Browser(app).client
    wrong = [
        f"{number}-{'0' * len(proof)}",
        f"{number}-",
        f"-{proof}",
        "x",
        f"{number[::-1]}-{proof}",
        f"{number}-签",
    ]
    for key in wrong:
        assert program.get(f"/calendar/{key}.ics").status_code == 404


def test_a_shut_or_expired_account_shows_nothing(
    app: Flask, street: Neighbourhood, member: Browser
) -> None:
    path = opened(member)
    program = Browser(app).client
    for change in (
        {"is_active": False},
        {"is_active": True, "expires_on": clock.today() - DAY},
        {"expires_on": None, "confirmed_at": None},
    ):
        account = account_of("a")
        for name, value in change.items():
            setattr(account, name, value)
        factories.commit()
        assert program.get(path).status_code == 404


def test_who_became_an_administrator_sees_no_business_at_the_address(
    app: Flask, street: Neighbourhood, member: Browser
) -> None:
    street.sign_up(street.event(), street.a)
    path = opened(member)
    factories.grant(street.a, Role.AUDITOR)
    factories.commit()
    assert titles(Browser(app).client.get(path)) == []


def test_opening_and_closing_are_in_the_audit_chain(street: Neighbourhood, member: Browser) -> None:
    opened(member)
    member.post("/me/calendar/close")
    acts = [
        entry.action
        for entry in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
        if entry.action.startswith("calendar.")
    ]
    assert acts == ["calendar.opened", "calendar.closed"]
