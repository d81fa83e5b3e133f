"""The gallery of a site: judged files, words for each picture, order, rights."""

import io
from typing import Any

import pytest
from sqlalchemy import select

from portal.database import db
from portal.materials import services as materials
from portal.materials.models import Material
from portal.sites import queries
from portal.sites.models import Site, SitePicture, SiteState
from portal.sites.picture_services import MOST_PICTURES
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.page import Browser, Page

GALLERY = "gallery-picture"


def send(browser: Browser, site_id: int, *files: tuple[bytes, str], **typed: Any) -> Page:
    sent = [(io.BytesIO(content), name) for content, name in files]
    return browser.post(f"/sites/{site_id}/pictures", {"file": sent, **typed})


def shown(page: Page) -> list[str]:
    return [one.get("alt") or "" for one in page.by("class", GALLERY)]


def picture(number: int) -> bytes:
    return samples.picture(size=(40 + number, 40))


def test_a_keeper_uploads_describes_orders_and_takes_out(
    browser: Browser, street: Street, site: Site, any_database: str
) -> None:
    site_id = site.id
    keeper = browser.sign_in("keeper")
    page = send(keeper, site_id, (picture(1), "外景.png"), (picture(2), "议事厅.png"))
    assert shown(page) == ["外景", "议事厅"]
    first, second = db.session.scalars(select(SitePicture.id).order_by(SitePicture.position))
    path = f"/sites/{site_id}/pictures"
    form = keeper.get(f"{path}/{second}/edit").form("/edit")
    assert "图里有什么" in keeper.submit(form, alt_text="").errors()["alt_text"]
    assert keeper.submit(form, alt_text="长" * 121).status == 422
    assert keeper.submit(form, caption="长" * 121).status == 422
    keeper.submit(form, alt_text="居民围坐议事", caption="每月一次")
    assert shown(keeper.post(f"{path}/{second}/move", {"direction": "up"})) == [
        "居民围坐议事",
        "外景",
    ]
    assert shown(keeper.post(f"{path}/{second}/move", {"direction": "up"}))[0] == "居民围坐议事"
    member = Browser(browser.app).sign_in("d")
    page = member.get(f"/sites/{site_id}")
    assert shown(page) == ["居民围坐议事", "外景"]
    assert "每月一次" in page.text
    cover = db.session.scalar(select(SitePicture.material_id).where(SitePicture.id == second))
    assert f"/materials/{cover}/thumbnail/320" in member.get("/sites/").html
    assert shown(keeper.post(f"{path}/{first}/remove")) == ["居民围坐议事"]
    assert keeper.post(f"{path}/{first}/remove").status == 404
    assert len(db.session.scalars(select(Material)).all()) == 2, "the library keeps it"


@pytest.mark.parametrize("state", [SiteState.NAMED, SiteState.NOMINATED])
def test_a_picture_is_read_by_whoever_sees_the_site_and_nobody_else(
    browser: Browser, street: Street, site: Site, state: SiteState
) -> None:
    site.state = state
    site_id = site.id
    factories.commit()
    send(browser.sign_in("keeper"), site_id, (picture(1), "外景.png"))
    material_id = db.session.scalar(select(Material.id))
    member = Browser(browser.app).sign_in("d")
    answer = member.client.get(f"/materials/{material_id}/thumbnail/320", buffered=True)
    answer.close()
    assert answer.status_code == (200 if state is SiteState.NAMED else 404)
    assert Browser(browser.app).client.get(
        f"/materials/{material_id}/thumbnail/320"
    ).status_code in {302, 401}
    if state is SiteState.NAMED:
        assert queries.site(site_id).name in member.get(f"/materials/{material_id}").text


def test_what_is_no_picture_is_refused_with_its_sentence_and_the_rest_is_kept(
    browser: Browser, street: Street, site: Site
) -> None:
    keeper = browser.sign_in("keeper")
    page = send(keeper, site.id, (b"<html><script>1</script>", "坏.jpg"), (picture(1), "好.png"))
    assert page.status == 422
    assert "坏.jpg" in page.alert
    assert shown(page) == ["好"]
    site_id = db.session.scalar(select(Site.id))
    assert "没有选中图片" in send(keeper, site_id or 0).alert
    assert (
        send(Browser(browser.app).sign_in("a"), site_id or 0, (picture(3), "x.png")).status == 403
    )


def test_few_pictures_are_shown_and_none_twice(
    browser: Browser, street: Street, site: Site, any_database: str
) -> None:
    site_id = site.id
    made = [
        materials.keep(
            stream=io.BytesIO(picture(number)),
            filename=f"图{number}.png",
            owner=street.branch_one,
            actor=street.secretary,
        ).id
        for number in range(MOST_PICTURES + 1)
    ]
    db.session.commit()
    secretary = browser.sign_in("secretary")
    assert secretary.get(f"/sites/{site_id}/pictures", q="图1", htmx=True).status == 200
    path = f"/sites/{site_id}/pictures"
    assert len(shown(secretary.post(path, {"material": made[:2]}))) == 2
    assert "已经在这里" in secretary.post(path, {"material": made[:2]}).text
    page = secretary.post(path, {"material": made})
    assert page.status == 422
    assert "最多 9 张" in page.alert
    assert len(shown(page)) == 2
    assert len(shown(secretary.post(path, {"material": made[:MOST_PICTURES]}))) == MOST_PICTURES
