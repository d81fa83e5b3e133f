"""Two keepers edit one thing: the second is told what changed, nothing is overwritten."""

import io
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.database import db
from portal.materials import services as materials
from portal.sites.models import Closure, Level, Room, Site, SitePicture, SiteTitle
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.page import Browser


@pytest.fixture
def paths(street: Street, site: Site) -> dict[str, str]:
    """The forms of a room, an honour and a picture of the site, and of its hours."""
    title = SiteTitle(site_id=site.id, name="红旗物业", title_level=Level.DISTRICT)
    material = materials.keep(
        stream=io.BytesIO(samples.picture(size=(40, 60))),
        filename="外景.png",
        owner=street.branch_one,
        actor=street.secretary,
    )
    picture = SitePicture(site_id=site.id, material_id=material.id, alt_text="外景", position=1)
    closure = Closure(site_id=site.id, starts_on=date(2030, 1, 1), reason="检修")
    db.session.add_all([title, picture, closure])
    factories.commit()
    here = f"/sites/{site.id}"
    return {
        "room": f"{here}/rooms/{db.session.scalar(select(Room.id))}/edit",
        "title": f"{here}/titles/{title.id}/edit",
        "picture": f"{here}/pictures/{picture.id}/edit",
        "closure": f"{here}/closures/{closure.id}/edit",
        "hours": f"{here}/rooms",
    }


@pytest.mark.parametrize(
    ("thing", "field", "first", "second", "sentence"),
    [
        ("room", "equipment", "投影", "圆桌", "设备：现在是“投影”，您填的是“圆桌”"),
        ("title", "issuer", "区委", "街道", "授予单位：现在是“区委”，您填的是“街道”"),
        ("picture", "caption", "春天", "秋天", "图下的文字：现在是“春天”，您填的是“秋天”"),
        ("picture", "alt_text", "门口", "院子", "图里有什么：现在是“门口”，您填的是“院子”"),
        ("closure", "reason", "粉刷", "放假", "原因：现在是“粉刷”，您填的是“放假”"),
        ("closure", "weekday", "0", "1", "每周：现在是“周一”，您填的是“周二”"),
        ("closure", "ends_on", "2030-01-05", "2030-01-06", "到：现在是“2030-01-05”，您填的是"),
        ("hours", "sunday", "9:00-10:00", "", "周日：现在是“9:00-10:00”，您填的是“空”"),
    ],
)
def test_the_second_keeper_is_told_and_keeps_what_was_typed(
    browser: Browser,
    paths: dict[str, str],
    thing: str,
    field: str,
    first: str,
    second: str,
    sentence: str,
) -> None:
    path = paths[thing]
    action = "/hours" if thing == "hours" else "/edit"
    browser.sign_in("keeper")
    other = Browser(browser.app).sign_in("secretary")
    mine = browser.get(path).form(action)
    typed: dict[str, Any] = {field: first}
    assert other.submit(other.get(path).form(action), **typed).status == 200
    typed = {field: second}
    page = browser.submit(mine, **typed)
    assert page.status == 409
    assert "别人改动过" in page.alert
    assert sentence in page.alert
    assert page.form(action).fields[field] == second, "the form is as it was typed"
    assert browser.get(path).form(action).fields[field] == first, "nothing was overwritten"
    assert browser.submit(page.form(action)).status == 200
    assert browser.get(path).form(action).fields[field] == second


def test_a_form_without_its_version_changes_nothing(
    browser: Browser, paths: dict[str, str], any_database: str
) -> None:
    browser.sign_in("keeper")
    page = browser.post(paths["room"], {"name": "改名", "capacity": "5", "version": ""})
    assert page.status == 409
    assert browser.get(paths["room"]).form("/edit").fields["name"] == "红色书屋"
