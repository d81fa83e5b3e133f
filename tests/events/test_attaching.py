"""Materials of an event: chosen or uploaded, in order, taken off; readers open them."""

import io
from collections.abc import Callable

import pytest
from flask import Flask

from portal.audit.models import AuditEntry
from portal.database import db
from portal.events import attachment_queries, attachment_services, queries
from portal.events.models import Audience, Event, EventMaterial, EventState
from portal.materials import services as materials
from portal.materials.models import Material
from portal.people.models import Organisation, Person
from tests import factories
from tests.factories import Street
from tests.materials import samples
from tests.page import Browser


@pytest.fixture
def street(app: Flask, any_database: str) -> Street:
    return Street()


@pytest.fixture
def event(street: Street) -> Event:
    made = factories.event(street.shantou, street.secretary)
    factories.commit()
    return made


def put(owner: Organisation, actor: Person, title: str, content: bytes = b"") -> Material:
    material = materials.keep(
        stream=io.BytesIO(content or title.encode()),
        filename=f"{title}.txt",
        owner=owner,
        actor=actor,
    )
    db.session.commit()
    return material


def path(event: Event) -> str:
    return f"/events/{event.id}/materials"


def attached(event: Event) -> list[str]:
    return [material.title for material in attachment_queries.attached(event.id)]


def test_materials_are_chosen_from_the_library(
    browser: Browser, street: Street, event: Event, way: str
) -> None:
    put(street.shantou, street.secretary, "讲稿")
    put(street.shantou, street.secretary, "路线")
    put(street.haikou, street.secretary2, "别家的")
    browser.sign_in("secretary")
    page = browser.get(path(event), q="讲稿", htmx=way == "htmx")
    assert page.whole == (way == "plain")
    assert "别家的" not in page.text
    boxes = page.find_all("input", name="material")
    assert len(boxes) == 1
    page = browser.submit(
        next(form for form in page.forms() if form.action == path(event) and form.method == "post"),
        material=boxes[0].get("value"),
    )
    assert "已加入 1 份资料" in page.text
    assert attached(event) == ["讲稿"]
    assert "已经加入" in browser.get(path(event)).text


def test_files_are_uploaded_here_and_stand_in_the_library_of_the_host(
    browser: Browser, street: Street, event: Event
) -> None:
    browser.sign_in("office")
    files = [(io.BytesIO(samples.pdf()), "稿.pdf"), (io.BytesIO(samples.wav()), "歌.wav")]
    page = browser.post(path(event), {"file": files})
    assert page.status == 200
    assert attached(event) == ["稿", "歌"]
    owners = set(db.session.scalars(db.select(Material.organisation_id)))
    assert owners == {street.shantou.id}


def test_a_hostile_file_is_refused_in_words_and_the_good_one_is_attached(
    browser: Browser, event: Event
) -> None:
    browser.sign_in("secretary")
    files = [(io.BytesIO(samples.pdf()), "好.pdf"), (io.BytesIO(samples.page()), "坏.jpg")]
    page = browser.post(path(event), {"file": files})
    assert page.status == 422
    assert "坏.jpg" in page.alert
    assert "其余 1 份已经加入" in page.alert
    assert attached(event) == ["好"]


def test_nothing_chosen_is_said(browser: Browser, event: Event) -> None:
    page = browser.sign_in("secretary").post(path(event))
    assert page.status == 422
    assert "没有选中资料" in page.alert


def test_what_one_may_not_use_is_not_attached(
    browser: Browser, street: Street, event: Event
) -> None:
    theirs = put(street.haikou, street.secretary2, "别家的")
    archived = put(street.shantou, street.secretary, "归档的")
    materials.archive(material=archived, actor=street.secretary)
    db.session.commit()
    browser.sign_in("secretary")
    for material in (theirs.id, archived.id, 99999, "x", 2**70):
        assert browser.post(path(event), {"material": material}).status == 422
    assert attached(event) == []


def test_attaching_twice_is_attaching_once(browser: Browser, street: Street, event: Event) -> None:
    material = put(street.shantou, street.secretary, "讲稿")
    browser.sign_in("secretary")
    browser.post(path(event), {"material": material.id})
    page = browser.post(path(event), {"material": material.id})
    assert "已经在这次活动里" in page.text
    assert attached(event) == ["讲稿"]


def test_the_order_is_the_hosts(browser: Browser, street: Street, event: Event) -> None:
    ids = {name: put(street.shantou, street.secretary, name).id for name in ("甲", "乙", "丙")}
    browser.sign_in("secretary")
    browser.post(path(event), {"material": list(ids.values())})
    for name, way, order in (
        ("丙", "up", ["甲", "丙", "乙"]),
        ("甲", "down", ["丙", "甲", "乙"]),
        ("丙", "up", ["丙", "甲", "乙"]),
        ("乙", "down", ["丙", "甲", "乙"]),
    ):
        browser.post(f"{path(event)}/{ids[name]}/move", {"way": way})
        assert attached(event) == order
    shown = Browser(browser.app).sign_in("d").get(f"/events/{event.id}").find_all("ul")
    lines = next(one for one in shown if one.get("class") == "plain material-lines")
    text = "".join(lines.itertext())
    assert text.index("丙") < text.index("甲") < text.index("乙")


def test_what_is_taken_off_stays_in_the_library(
    browser: Browser, street: Street, event: Event
) -> None:
    material = put(street.shantou, street.secretary, "讲稿")
    browser.sign_in("secretary")
    browser.post(path(event), {"material": material.id})
    page = browser.get(path(event))
    page = browser.submit(page.form("/take-off"))
    assert "还在资料库里" in page.text
    assert attached(event) == []
    assert browser.get(f"/materials/{material.id}").status == 200
    assert browser.post(f"{path(event)}/{material.id}/take-off").status == 404


def test_readers_open_and_download_what_is_attached_and_nothing_else(
    browser: Browser, street: Street, event: Event
) -> None:
    shown, other = (put(street.shantou, street.secretary, name) for name in ("讲稿", "内部"))
    attachment_services.attach(
        event=queries.event(event.id), materials=[shown], actor=street.secretary
    )
    db.session.commit()
    browser.sign_in("d")
    page = browser.get(f"/events/{event.id}")
    assert page.links()["讲稿"] == f"/materials/{shown.id}"
    got = browser.client.get(f"/materials/{shown.id}/download", buffered=True)
    assert got.data == "讲稿".encode()
    assert browser.get(f"/materials/{other.id}").status == 404
    assert browser.get(path(event)).status == 403


def test_an_event_without_materials_says_nothing_of_them(browser: Browser, event: Event) -> None:
    page = browser.sign_in("d").get(f"/events/{event.id}")
    assert not page.by("id", "materials-title")


def test_who_is_not_meant_does_not_read_it(browser: Browser, street: Street, event: Event) -> None:
    material = put(street.shantou, street.secretary, "讲稿")
    live = queries.event(event.id)
    attachment_services.attach(event=live, materials=[material], actor=street.secretary)
    live.audience = Audience.INVITED
    db.session.commit()
    browser.sign_in("d")
    assert browser.get(f"/materials/{material.id}").status == 404
    assert browser.client.get(f"/materials/{material.id}/download").status_code == 404


def test_a_copy_has_the_same_materials_in_the_same_order(
    browser: Browser, street: Street, event: Event
) -> None:
    ids = [put(street.shantou, street.secretary, name).id for name in ("甲", "乙")]
    browser.sign_in("secretary")
    browser.post(path(event), {"material": ids})
    browser.post(f"{path(event)}/{ids[0]}/move", {"way": "down"})
    browser.post(f"/events/{event.id}/copy")
    made = db.session.scalars(db.select(Event).where(Event.copied_from_id == event.id)).one()
    assert attached(made) == ["乙", "甲"]


def test_an_archived_event_is_not_changed(browser: Browser, street: Street, event: Event) -> None:
    material = put(street.shantou, street.secretary, "讲稿")
    browser.sign_in("secretary")
    browser.post(path(event), {"material": material.id})
    db.session.get_one(Event, event.id).state = EventState.ARCHIVED
    db.session.commit()
    for way in ("", f"/{material.id}/move", f"/{material.id}/take-off"):
        assert browser.post(path(event) + way, {"material": material.id}).status == 409
    assert attached(event) == ["讲稿"]
    assert not [form for form in browser.get(path(event)).forms() if "materials" in form.action]


def test_a_draft_that_is_thrown_away_leaves_its_materials(browser: Browser, street: Street) -> None:
    draft = factories.event(street.shantou, street.secretary, state=EventState.DRAFT)
    material = put(street.shantou, street.secretary, "讲稿")
    browser.sign_in("secretary")
    browser.post(path(draft), {"material": material.id})
    assert browser.post(f"/events/{draft.id}/discard").status == 200
    assert db.session.query(EventMaterial).count() == 0
    assert browser.get(f"/materials/{material.id}").status == 200


def test_both_acts_are_in_the_audit(browser: Browser, street: Street, event: Event) -> None:
    material = put(street.shantou, street.secretary, "讲稿")
    browser.sign_in("secretary")
    browser.post(path(event), {"material": material.id})
    browser.post(f"{path(event)}/{material.id}/take-off")
    acts = db.session.scalars(
        db.select(AuditEntry.action)
        .where(AuditEntry.object_type == "Event")
        .order_by(AuditEntry.id)
    ).all()
    assert acts[-2:] == ["event.attach", "event.detach"]


def test_fifty_materials_cost_as_many_statements_as_one(
    browser: Browser,
    street: Street,
    event: Event,
    queries_of: Callable[[Callable[[], object]], int],
) -> None:
    first = put(street.shantou, street.secretary, "0")
    browser.sign_in("secretary")
    browser.post(path(event), {"material": first.id})
    browser.get(path(event))
    pages = (path(event), f"/events/{event.id}")
    reader = Browser(browser.app).sign_in("d")
    reader.get(pages[1])

    def cost() -> list[int]:
        return [
            queries_of(lambda: browser.get(pages[0])),
            queries_of(lambda: browser.get(pages[1])),
            queries_of(lambda: reader.get(pages[1])),
        ]

    one = cost()
    ids = [put(street.shantou, street.secretary, str(number)).id for number in range(1, 50)]
    browser.post(path(event), {"material": ids})
    assert cost() == one
    assert max(one) <= 8
