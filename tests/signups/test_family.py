"""Family and neighbours sign up an elder without an account, as the branch has written down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import Event
from portal.people.models import Membership, Organisation, Person, Role
from portal.signups import policies, queries
from portal.signups.models import SignupHelper
from tests import factories
from tests.factories import Street, commit
from tests.page import Browser, Page
from tests.signups.test_policies import BRANCH, COMMUNITY, ELSEWHERE, of, somebody

MORNING = datetime(2026, 12, 3, 2, 0, tzinfo=UTC)  # 10:00 in China


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def elder(street: Street) -> Person:
    made = factories.person("王奶奶", street.branch_one)
    commit()
    return made


@pytest.fixture
def event(street: Street) -> Event:
    made: Event = factories.event(street.shantou, street.secretary, capacity=1)
    commit()
    return made


def granted(browser: Browser, elder: Person, helper: Person, relation: str = "女儿") -> Page:
    """The branch secretary finds the helper on the elder's page and says who it is."""
    browser.sign_in("branch")
    assert "登记或取消" in browser.get(f"/people/{elder.id}").links()
    page = browser.get(f"/people/{elder.id}/helpers", q=helper.name)
    form = next(
        one for one in page.forms() if one.action.endswith("/helpers") and "helper" in one.fields
    )
    form = replace(form, fields={**form.fields, "helper": helper.id, "relation": relation})
    return browser.submit(form)


@pytest.mark.parametrize(
    ("role", "over", "belongs_to", "is_helper", "may"),
    [
        (None, None, BRANCH, False, False),
        (None, None, BRANCH, True, True),
        (None, None, ELSEWHERE, True, True),
        (Role.BRANCH_SECRETARY, BRANCH, BRANCH, False, True),
        (Role.BRANCH_SECRETARY, BRANCH, ELSEWHERE, False, False),
        (Role.SYSTEM_ADMINISTRATOR, None, BRANCH, True, False),
        (Role.AUDITOR, None, BRANCH, True, False),
    ],
)
def test_who_signs_up_somebody_else(
    role: Role | None,
    over: Organisation | None,
    belongs_to: Organisation,
    is_helper: bool,
    may: bool,
) -> None:
    found = policies.may_sign_up_for(somebody(role, over), of(belongs_to), is_helper=is_helper)
    assert found is may


@pytest.mark.parametrize(
    ("role", "over", "may"),
    [
        (None, None, False),
        (Role.RECORDER, BRANCH, False),
        (Role.BRANCH_SECRETARY, BRANCH, True),
        (Role.COMMUNITY_SECRETARY, COMMUNITY, True),
        (Role.COMMUNITY_SECRETARY, ELSEWHERE, False),
        (Role.SECURITY_ADMINISTRATOR, None, False),
    ],
)
def test_who_says_who_helps(role: Role | None, over: Organisation | None, may: bool) -> None:
    memberships: list[Membership] = of(BRANCH)
    assert policies.may_keep_helpers(somebody(role, over), memberships) is may


def test_a_daughter_signs_up_her_mother_and_takes_it_back(
    browser: Browser, street: Street, elder: Person, event: Event, any_database: str
) -> None:
    page = granted(browser, elder, street.b)
    assert page.status == 200, page.text
    browser.sign_in("b")
    path = browser.get(f"/events/{event.id}").links()["替家人、邻居报名"]
    page = browser.submit(browser.get(path).form("/family"), person=str(elder.id))
    assert "王奶奶：报名成功" in page.text
    signup = queries.signup_of(event, elder)
    assert signup is not None
    assert signup.signed_up_by_id == street.b.id
    removing = browser.get(browser.get(path).links()["取消王奶奶的报名"])
    page = browser.submit(removing.form("/remove"), reason="身体不适")
    assert page.status == 200
    assert queries.live_signups(event.id, [elder.id]) == {}


def test_without_the_word_of_the_branch_nobody_signs_up_another(
    browser: Browser, street: Street, elder: Person, event: Event
) -> None:
    browser.sign_in("b")
    assert "替家人、邻居报名" not in browser.get(f"/events/{event.id}").links()
    assert "还没有登记您可以替谁报名" in browser.get(f"/events/{event.id}/signups/family").text
    page = browser.post(f"/events/{event.id}/signups/family", {"person": elder.id})
    assert page.status == 422
    assert queries.signup_of(event, elder) is None


def test_revoked_help_ends_at_once_and_both_steps_are_in_the_audit(
    browser: Browser, street: Street, elder: Person, event: Event
) -> None:
    granted(browser, elder, street.b)
    page = browser.submit(browser.get(f"/people/{elder.id}/helpers").form("/revoke"))
    assert "取消" in page.text
    row = db.session.scalars(db.select(SignupHelper)).one()
    assert (row.granted_by_id, row.revoked_by_id) == (street.branch.id, street.branch.id)
    acts = set(db.session.scalars(db.select(AuditEntry.action)))
    assert {"signup.help_granted", "signup.help_revoked"} <= acts
    browser.sign_in("b")
    assert browser.post(f"/events/{event.id}/signups/family", {"person": elder.id}).status == 422
    granted(browser, elder, street.b)
    assert len(queries.helpers_of(elder.id)) == 2


def test_help_is_written_down_once_by_name_and_with_the_relation(
    browser: Browser, street: Street, elder: Person
) -> None:
    assert granted(browser, elder, street.b, relation="").status == 422
    assert granted(browser, elder, street.b).status == 200
    assert granted(browser, elder, street.b).status == 409
    for other in (elder, street.d):  # oneself, and somebody of another part of the tree
        assert "没有找到" in browser.get(f"/people/{elder.id}/helpers", q=other.name).text
        asked = {"helper": other.id, "relation": "女儿"}
        assert browser.post(f"/people/{elder.id}/helpers", asked).status == 422


def test_who_does_not_keep_the_record_says_nothing_about_it(
    browser: Browser, street: Street, elder: Person
) -> None:
    assert browser.sign_in("recorder").get(f"/people/{elder.id}/helpers").status == 403
    assert "登记或取消" not in browser.get(f"/people/{elder.id}").links()
    assert browser.sign_in("secretary2").get(f"/people/{elder.id}/helpers").status == 404
    assert browser.sign_in("b").get(f"/people/{elder.id}/helpers").status == 404
