"""Papers of a case: from whoever has a part in it, a department's officer as well; no more."""

import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.cases import queries
from portal.cases.models import Case
from portal.database import db
from portal.materials import services as materials
from portal.materials.models import Material
from portal.people.models import Organisation, OrganisationKind, Person, Role, RoleGrant
from tests import factories
from tests.cases.conftest import SignedIn
from tests.factories import Street
from tests.materials import samples
from tests.materials.tus import Tus
from tests.page import Form, Page


@pytest.fixture
def water(street: Street) -> Organisation:
    """A department with an officer, who signs in as `water`."""
    return unit("水务分公司", "water")


def unit(name: str, username: str) -> Organisation:
    made = factories.organisation(name, kind=OrganisationKind.UNIT)
    officer = factories.person(f"{name}测试")
    factories.account(officer, username)
    factories.grant(officer, Role.OFFICER, made)
    db.session.commit()
    return made


@pytest.fixture
def case(street: Street, water: Organisation) -> Case:
    """Said in branch one, the department's to settle."""
    made = factories.case(street.branch_one, street.secretary, lead=water)
    db.session.commit()
    return made


def kept(owner: Organisation, actor: Person, name: str = "社区的表.pdf") -> Material:
    made = materials.keep(stream=io.BytesIO(samples.pdf()), filename=name, owner=owner, actor=actor)
    db.session.commit()
    return made


def there(case: Case) -> str:
    return f"/cases/{case.id}/materials"


def photo(name: str = "修好了.png") -> tuple[io.BytesIO, str]:
    return io.BytesIO(samples.picture()), name


def upload_form(page: Page) -> Form:
    return next(form for form in page.forms() if form.element.get("data-uploads"))


def titles(case: Case) -> list[str]:
    return [material.title for material in queries.attached(case.id)]


def test_the_officer_of_the_lead_unit_uploads_a_picture_to_the_case(
    street: Street, as_: SignedIn, case: Case, way: str
) -> None:
    browser = as_("water")
    assert there(case) in browser.get(f"/cases/{case.id}").links().values()
    page = browser.get(there(case))
    assert "从我上传过的里选" not in page.text, "there is nothing yet"
    page = browser.submit(upload_form(page), htmx=way == "htmx", file=[photo()])
    assert "已加入 1 份附件" in page.text
    material = queries.attached(case.id)[0]
    # It is filed where the case was said, under the officer's name.
    assert material.organisation_id == street.branch_one.id
    assert "水务分公司测试" in as_("branch").get(f"/materials/{material.id}").text
    noted = select(AuditEntry.actor_id).where(AuditEntry.action == "case.attach")
    assert db.session.scalars(noted).all() == [material.uploaded_by_id]
    page = browser.get(f"/materials/{material.id}")
    assert page.status == 200
    assert "/materials/" not in page.links().values(), "the way back is not a library"


def test_the_officer_of_a_helping_unit_uploads_as_well(
    street: Street, as_: SignedIn, water: Organisation
) -> None:
    case = factories.case(street.branch_one, street.secretary, helpers=(water,))
    db.session.commit()
    page = as_("water").get(there(case))
    page = as_("water").submit(upload_form(page), file=[photo()])
    assert titles(case) == ["修好了"]


def test_an_officer_named_as_in_charge_uploads_and_the_member_who_asked_does_not(
    street: Street, as_: SignedIn
) -> None:
    case = factories.case(street.branch_one, street.secretary, lead_person_id=street.officer.id)
    case.asker_id = street.a.id
    db.session.commit()
    page = as_("officer").get(there(case))
    as_("officer").submit(upload_form(page), file=[photo()])
    assert titles(case) == ["修好了"]
    assert as_("a").post(there(case), {"file": [photo()]}).status == 404
    assert as_("a").get(there(case)).status == 404


def test_who_sees_a_case_without_a_part_in_it_is_told_whom_to_give_the_paper_to(
    street: Street, as_: SignedIn, case: Case
) -> None:
    page = as_("recorder").get(f"/cases/{case.id}")
    assert page.status == 200
    assert there(case) not in page.links().values()
    page = as_("recorder").get(there(case))
    assert (page.status, "请把材料交给他们" in page.alert) == (403, True)


def test_an_officer_comes_to_no_case_of_another_unit(
    street: Street, as_: SignedIn, case: Case
) -> None:
    unit("供电公司", "power")
    other = as_("power")
    assert other.get(there(case)).status == 404
    assert other.post(there(case), {"file": [photo()]}).status == 404
    assert Tus(other).begin(10, path=f"/cases/{case.id}/uploads").status_code == 404
    assert titles(case) == []
    assert db.session.query(Material).count() == 0


def test_an_officer_sees_and_attaches_nothing_of_a_library(
    street: Street, as_: SignedIn, case: Case
) -> None:
    theirs = kept(street.branch_one, street.branch)
    browser = as_("water")
    assert "社区的表" not in browser.get(there(case)).text
    page = browser.post(there(case), {"material": str(theirs.id)})
    assert page.status == 422
    assert titles(case) == []
    assert browser.get("/materials/").status == 403
    assert browser.get("/materials/new").status == 403
    assert browser.get(f"/materials/{theirs.id}").status == 404
    begun = Tus(browser).begin(10, owner=street.branch_one.id)
    assert begun.status_code == 403
    # The same bytes are no way to what the branch has: the officer's file is a file of its own.
    page = browser.post(there(case), {"file": [(io.BytesIO(samples.pdf()), "我的.pdf")]})
    assert titles(case) == ["我的"]
    own = queries.attached(case.id)[0]
    assert browser.post(f"/materials/{own.id}/archive").status == 403


def test_what_an_officer_has_uploaded_is_chosen_again_for_another_case(
    street: Street, as_: SignedIn, case: Case, water: Organisation
) -> None:
    browser = as_("water")
    browser.post(there(case), {"file": [photo()]})
    own = queries.attached(case.id)[0]
    other = factories.case(street.branch_far, street.secretary2, lead=water)
    db.session.commit()
    page = browser.get(there(other))
    assert "从我上传过的里选" in page.text
    assert page.by("id", f"pick-{own.id}")
    browser.post(there(other), {"material": str(own.id)})
    assert titles(other) == ["修好了"]
    # Whoever reads the other case reads its paper, wherever it is filed.
    assert as_("secretary2").get(f"/materials/{own.id}").status == 200


def test_an_officer_takes_off_the_own_paper_alone(
    street: Street, as_: SignedIn, case: Case, way: str
) -> None:
    theirs = kept(street.branch_one, street.branch)
    as_("branch").post(there(case), {"material": str(theirs.id)})
    browser = as_("water")
    browser.post(there(case), {"file": [photo()]})
    page = browser.get(there(case))
    offered = [form.action for form in page.forms() if form.action.endswith("/take-off")]
    own = next(one for one in queries.attached(case.id) if one.id != theirs.id)
    assert offered == [f"{there(case)}/{own.id}/take-off"]
    page = browser.post(f"{there(case)}/{theirs.id}/take-off")
    assert (page.status, "不是您加的" in page.alert) == (403, True)
    page = browser.submit(browser.get(there(case)).form("/take-off"), htmx=way == "htmx")
    assert "已取下附件" in page.text
    assert titles(case) == ["社区的表"]
    page = browser.post(f"{there(case)}/{own.id}/take-off")
    assert "已经取下了" in page.text
    noted = select(AuditEntry).where(AuditEntry.action == "case.detach")
    assert len(db.session.scalars(noted).all()) == 1
    # The community takes off any.
    as_("branch").post(f"{there(case)}/{theirs.id}/take-off")
    assert titles(case) == []


def test_an_officers_film_arrives_in_pieces(
    app: Flask, street: Street, as_: SignedIn, case: Case
) -> None:
    browser = as_("water")
    page = browser.get(there(case))
    begins = [form.element.get("data-uploads") for form in page.forms()]
    assert f"/cases/{case.id}/uploads" in begins
    tus = Tus(browser)
    film = samples.mp4(film=bytes(range(256)) * 40)
    begun = tus.begin(len(film), path=f"/cases/{case.id}/uploads")
    assert begun.status_code == 201
    path = begun.headers["Location"]
    tus.piece(path, 0, film[:3000])
    assert tus.offset(path) == 3000
    # It is the officer's alone.
    assert Tus(as_("branch")).ask("HEAD", path).status_code == 404
    tus.piece(path, 3000, film[3000:])
    page = tus.outcome(path)
    number = page.by("data-material")[0].get("data-material")
    browser.post(there(case), {"material": number})
    assert titles(case) == ["录像"]
    dropped = tus.begin(100, path=f"/cases/{case.id}/uploads").headers["Location"]
    assert tus.ask("DELETE", dropped).status_code == 204


def test_whose_duty_has_ended_does_not_finish_an_upload(
    street: Street, water: Organisation, as_: SignedIn, case: Case
) -> None:
    browser = as_("water")
    tus, film = Tus(browser), samples.mp4()
    path = tus.begin(len(film), path=f"/cases/{case.id}/uploads").headers["Location"]
    tus.piece(path, 0, film)
    ended = db.session.scalars(select(RoleGrant).where(RoleGrant.organisation_id == water.id)).one()
    ended.valid_to = clock.today() - timedelta(days=1)
    db.session.commit()
    assert tus.ask("PATCH", path).status_code == 403
    assert tus.ask("POST", f"{path}/outcome").status_code == 403
    assert not db.session.scalars(select(Material)).all()
    # Whoever is in charge by name needs no duty.
    officer = db.session.get(Person, ended.person_id)
    case.lead_person = officer
    db.session.commit()
    assert tus.outcome(path).by("data-material")


@pytest.mark.parametrize("user", ["branch", "secretary"])
def test_those_who_run_events_choose_from_the_library_as_before(
    street: Street, as_: SignedIn, case: Case, user: str
) -> None:
    theirs = kept(street.shantou, street.secretary)
    page = as_(user).get(there(case))
    assert "从资料库里选" in page.text
    assert page.by("id", f"pick-{theirs.id}")


def test_refused_files_are_named_and_the_page_stays(as_: SignedIn, case: Case) -> None:
    browser = as_("water")
    page: Page = browser.post(there(case), {"file": [(io.BytesIO(samples.page()), "坏.jpg")]})
    assert page.status == 422
    assert "坏.jpg" in page.alert
    assert browser.post(there(case)).status == 422
