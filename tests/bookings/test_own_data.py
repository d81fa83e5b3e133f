"""What the portal keeps of a visit belongs to the data of whoever asked for it."""

import json
from typing import Any

from portal.bookings.models import CONTACT_KEPT
from portal.database import db
from tests.bookings.conftest import Scene, SignedIn
from tests.bookings.test_deciding import asked, fresh
from tests.page import Browser


def kept(browser: Browser) -> dict[str, Any]:
    return json.loads(browser.client.get("/me/data.json").get_data(as_text=True))


def test_visits_asked_for_are_own_data(scene: Scene, signed_in: SignedIn) -> None:
    number = asked(signed_in("d"), scene)
    mine = signed_in("d")
    page = mine.get("/me/data")
    assert page.links()["测试小区示范点"] == scene.path(number)
    assert "待答复" in page.text
    [visit] = kept(mine)["参观预约"]
    assert (visit["联系电话"], visit["人数"]) == ("13900001234", 10)
    ends_at = fresh(number).ends_at
    assert visit["联系方式删除时间"][:10] == f"{ends_at + CONTACT_KEPT:%Y-%m-%d}"
    assert kept(signed_in("a"))["参观预约"] == []
    forgotten = fresh(number)
    forgotten.contact_name = forgotten.contact_phone = ""
    db.session.commit()
    assert "联系方式已删除" in mine.get("/me/data").text
