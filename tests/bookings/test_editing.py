"""What was said of a visit is put right by those whose visit it is."""

from datetime import timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.bookings.models import BookingState
from portal.database import db
from portal.messages.models import Message
from tests.bookings import worlds
from tests.bookings.conftest import Scene, SignedIn
from tests.bookings.test_deciding import asked, fresh, going, joined, told, use_of
from tests.page import Form, Page


def form_of(page: Page) -> Form:
    return page.form("/edit")


def test_who_asked_puts_a_visit_right_while_it_waits(
    scene: Scene, signed_in: SignedIn, any_database: str
) -> None:
    keeper = scene.street.keeper.id
    number = asked(signed_in("d"), scene, room=str(scene.small_id))
    mine = signed_in("d")
    assert scene.path(number, "/edit") in mine.get(scene.path(number)).links().values()
    form = form_of(mine.get(scene.path(number, "/edit")))
    typed: dict[str, Any] = {"note": "带一辆轮椅"}
    for changes, field, word in (
        ({"purpose": ""}, "purpose", "目的"),
        ({"purpose": "长" * 121}, "purpose", "120"),
        ({"party_size": "0"}, "party_size", "人数"),
        ({"party_size": "13"}, "party_size", "还能容纳你们 12 人"),
        ({"contact_phone": "电话"}, "contact_phone", "电话"),
    ):
        refused = mine.submit(form, **{**typed, **changes})
        assert refused.status == 422
        assert word in refused.errors()[field]
        assert "带一辆轮椅" in refused.html, "what was typed is still there"
    page = mine.submit(form, purpose="看议事厅", party_size="12", contact_phone="139 0000 4321")
    assert "看议事厅" in page.text
    changed = fresh(number)
    assert (changed.party_size, changed.contact_phone) == (12, "13900004321")
    assert changed.state is BookingState.ASKED
    use = use_of(number)
    assert use is not None
    assert use.people == 12
    assert told(keeper) == ["海口路社区想来参观，请答复"], "who still answers reads it as it is"
    details = db.session.scalars(select(AuditEntry.details)).all()
    assert not [one for one in details if "13900004321" in one]
    assert [one for one in details if "看议事厅" in one]


def test_a_change_of_what_was_agreed_to_is_told_once(scene: Scene, signed_in: SignedIn) -> None:
    keeper = scene.street.keeper.id
    number = going(scene, signed_in)
    mine = signed_in("d")
    form = form_of(mine.get(scene.path(number, "/edit")))
    refused = mine.submit(form, party_size="31")
    assert refused.status == 422
    assert "还能容纳你们 30 人，您填了 31 人" in refused.errors()["party_size"]
    before = len(told(keeper))
    page = mine.submit(form, party_size="28", contact_name="改派测试")
    assert page.by("data-phase", "approved"), "the room stays agreed to"
    mine.submit(form_of(mine.get(scene.path(number, "/edit"))))
    assert told(keeper)[before:] == ["海口路社区改了参观的内容"]
    body = db.session.scalars(select(Message.body).order_by(Message.id.desc())).first() or ""
    assert "改动：人数、联系人" in body
    assert "改派测试" not in body, "the inbox keeps no contacts"
    use = use_of(number)
    assert use is not None
    assert (use.people, use.is_firm) == (28, True)


def test_two_who_change_a_visit_and_the_second_is_told(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    mine, keeper = signed_in("d"), signed_in("keeper")
    form = form_of(mine.get(scene.path(number, "/edit")))
    move = keeper.get(scene.path(number, "/move")).form("/move")
    keeper.submit(move, start="14:00", party_size="15", reason="上午有党课")
    page = mine.submit(form, party_size="11", purpose="看红色书屋")
    assert page.status == 409
    assert "物业测试甲" in page.alert
    assert "人数：现在是“15”，您填的是“11”" in page.alert
    assert form_of(page).fields["purpose"] == "看红色书屋"
    assert fresh(number).party_size == 15
    assert mine.submit(form_of(page)).status == 200
    assert fresh(number).party_size == 11


def test_a_party_that_joined_grows_as_far_as_the_room_of_the_visit(
    scene: Scene, signed_in: SignedIn
) -> None:
    host = going(scene, signed_in)
    owner = scene.street.d.id
    other = joined(signed_in("a"), scene, host, people=8)
    signed_in("d").post(scene.path(other, "/approve"))
    newcomer = signed_in("a")
    form = form_of(newcomer.get(scene.path(other, "/edit")))
    refused = newcomer.submit(form, party_size="21")
    assert "还能容纳你们 20 人" in refused.errors()["party_size"]
    assert newcomer.submit(form, party_size="20").status == 200
    use = use_of(host)
    assert use is not None
    assert use.people == 30
    assert told(owner)[-1] == "并入的单位（20 人）改了并入的参观"


def test_once_it_has_begun_only_the_contact_changes(scene: Scene, signed_in: SignedIn) -> None:
    number = going(scene, signed_in)
    with time_machine.travel(fresh(number).starts_at + timedelta(minutes=5), tick=False):
        mine = signed_in("d")
        form = form_of(mine.get(scene.path(number, "/edit")))
        refused = mine.submit(form, party_size="9")
        assert "只能改联系人" in refused.errors()["party_size"]
        assert mine.submit(form, contact_name="带队测试").status == 200
        assert fresh(number).contact_name == "带队测试"


def test_others_do_not_change_a_visit(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    for username, status in (("keeper", 403), ("a", 404), ("sysadmin", 403)):
        browser = signed_in(username)
        assert browser.get(scene.path(number, "/edit")).status == status
        assert browser.post(scene.path(number, "/edit"), worlds.typed()).status == status
    signed_in("keeper").post(scene.path(number, "/decline"), {"reason": "有检查"})
    assert signed_in("d").get(scene.path(number, "/edit")).status == 409
