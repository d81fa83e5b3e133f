"""Questionnaires that organisations write for themselves."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.database import db, write_transaction
from portal.feedback import queries, services
from portal.feedback.models import FeedbackTemplate
from portal.people.models import Organisation
from tests.factories import Street
from tests.feedback.conftest import QUESTIONS, Afterwards
from tests.page import Browser

SignedIn = Callable[[str], Browser]


@pytest.fixture
def host(browser: Browser, street: Street) -> Browser:
    return browser.sign_in("secretary")


def write(street: Street, organisation: Organisation, name: str = "楼院问卷") -> int:
    with write_transaction():
        made = services.write_template(
            organisation=db.session.merge(organisation),
            name=name,
            questions=QUESTIONS,
            actor=db.session.merge(street.secretary),
        )
    return made.id


def test_a_questionnaire_is_written_from_a_standard_one_and_used(
    host: Browser, afterwards: Afterwards, any_database: str
) -> None:
    page = host.get("/feedback/")
    assert "还没有自己的模板" in page.text
    page = host.get(page.links()["照着通用问卷写一份"])
    form = page.form("/feedback/new")
    assert form.fields["text_1"] == "总的来说，您对这次活动满意吗？"
    page = host.submit(form, name="楼院问卷", text_4="楼院里最想改什么？")
    assert "楼院问卷" in page.text
    page = host.get(afterwards.path("/setting"))
    assert "楼院问卷（汕头路社区党委）" in page.text
    template = db.session.scalars(db.select(FeedbackTemplate)).one()
    host.submit(page.form("/setting"), questionnaire=str(template.id))
    asked = queries.feedback(afterwards.event.id)
    assert asked.asked[3].text == "楼院里最想改什么？"
    # What the event has stays, whatever becomes of the template.
    form = host.get(f"/feedback/{template.id}/edit").form("/edit")
    host.submit(form, text_4="换了一道题？")
    assert queries.feedback(afterwards.event.id).asked[3].text == "楼院里最想改什么？"
    page = host.get("/feedback/")
    assert "删除模板“楼院问卷”" in page.text
    page = host.submit(page.form("/remove"))
    assert page.status == 200
    assert queries.feedback(afterwards.event.id).asked[3].text == "楼院里最想改什么？"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"text_1": ""}, "text_1"),
        ({"text_1": "长" * 61}, "text_1"),
        ({"options_1": "甲\n乙"}, "options_1"),
        ({"kind_2": "single", "text_2": "题", "options_2": "甲"}, "options_2"),
        ({"kind_2": "single", "text_2": "题", "options_2": "甲\n甲"}, "options_2"),
        ({"kind_2": "single", "text_2": "题", "options_2": "长" * 600}, "options_2"),
        ({"kind_2": "nonsense", "text_2": "题"}, "kind_2"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_the_field(
    host: Browser, changes: dict[str, Any], field: str
) -> None:
    form = host.get("/feedback/new?from=general").form("/feedback/new")
    page = host.submit(form, **{"text_4": "留着这一句", **changes})
    assert page.status == 422
    assert field in page.errors()
    assert "留着这一句" in page.html
    assert db.session.scalars(db.select(FeedbackTemplate)).all() == []


def test_a_questionnaire_needs_a_question(host: Browser) -> None:
    page = host.submit(host.get("/feedback/new").form("/feedback/new"), name="空问卷")
    assert page.status == 422
    assert "至少要有一道题" in page.alert


def test_a_name_is_used_once_in_an_organisation(
    host: Browser, street: Street, any_database: str
) -> None:
    write(street, street.shantou)
    form = host.get("/feedback/new?from=general").form("/feedback/new")
    page = host.submit(form, name="楼院问卷")
    assert page.status == 422
    assert "同名" in page.errors()["name"]
    other = write(street, street.shantou, "另一份")
    form = host.get(f"/feedback/{other}/edit").form("/edit")
    page = host.submit(form, name="楼院问卷")
    assert page.status == 422
    assert "同名" in page.errors()["name"]
    form = host.get("/feedback/new?from=general").form("/feedback/new")
    assert host.submit(form, name="楼院问卷", organisation=str(street.branch_one.id)).status == 200


def test_whoever_comes_second_is_told_and_keeps_what_was_typed(
    host: Browser, signed_in: SignedIn, street: Street
) -> None:
    number = write(street, street.shantou)
    mine = host.get(f"/feedback/{number}/edit").form("/edit")
    office = signed_in("office")
    office.submit(office.get(f"/feedback/{number}/edit").form("/edit"), text_1="街道改的题？")
    page = host.submit(mine, text_1="社区改的题？")
    assert page.status == 409
    assert "别人刚刚改过" in page.alert
    assert page.form("/edit").fields["text_1"] == "社区改的题？"
    assert host.submit(page.form("/edit")).status == 200
    db.session.rollback()
    template = db.session.get_one(FeedbackTemplate, number)
    assert template.asked[0].text == "社区改的题？"


def test_those_above_share_with_those_below_and_not_the_other_way_round(
    signed_in: SignedIn, street: Street
) -> None:
    above = write(street, street.street, "街道的")
    below = write(street, street.branch_one, "支部的")
    far = write(street, street.branch_far, "远处的")
    secretary = signed_in("secretary")
    page = secretary.get("/feedback/")
    assert "街道的" in page.text
    assert "支部的" in page.text
    assert "远处的" not in page.text
    assert secretary.get(f"/feedback/{above}/edit").status == 403
    assert secretary.post(f"/feedback/{above}/remove").status == 403
    assert secretary.get(f"/feedback/{below}/edit").status == 200
    assert secretary.get(f"/feedback/{far}/edit").status == 404
    assert secretary.get(f"/feedback/new?from={far}").status == 404
    assert secretary.get(f"/feedback/new?from={above}").form("/new").fields["name"] == "街道的"


def test_another_part_of_the_tree_cannot_be_given_a_questionnaire(
    host: Browser, street: Street
) -> None:
    form = host.get("/feedback/new?from=general").form("/feedback/new")
    page = host.submit(form, organisation=str(street.branch_far.id))
    assert page.status == 422
    assert "organisation" in page.errors()


def test_the_list_costs_the_same_for_one_and_for_fifty(
    host: Browser, street: Street, queries_of: Callable
) -> None:
    write(street, street.shantou)
    host.get("/feedback/")
    few = queries_of(lambda: host.get("/feedback/"))
    for number in range(55):
        write(street, street.shantou, f"问卷{number}")
    assert queries_of(lambda: host.get("/feedback/")) == few <= 8
    assert "下一页" in host.get("/feedback/").links()
