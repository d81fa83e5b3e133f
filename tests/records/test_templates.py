"""Templates of sections that an office or a branch keeps; new records begin with them."""

from collections.abc import Callable

from sqlalchemy import select

from portal.audit.models import AuditEntry
from portal.database import db
from portal.records import queries, services
from portal.records.models import RecordKind, RecordTemplate
from tests import factories
from tests.page import Browser
from tests.records.conftest import NINE, At, Hall

As = Callable[[str], Browser]


def kept(hall: Hall, organisation, name: str, **parts: str) -> RecordTemplate:
    """A template that the office has written."""
    made = services.keep_template(
        template=None,
        organisation=organisation,
        name=name,
        parts=dict.fromkeys(services.PARTS, "") | parts,
        actor=hall.with_grants(hall.office),
    )
    factories.commit()
    return made


def test_a_template_of_the_office_is_begun_with_in_a_branch(
    hall: Hall, as_: As, at: At, any_database: str, way: str
) -> None:
    at(NINE)
    office = as_("office")
    page = office.get("/records/templates")
    form = office.get(page.links()["写模板"]).form("/templates/new")
    page = office.submit(form, name="第一议题")
    assert page.status == 422
    assert "模板还是空的" in page.text
    form = page.form("/templates/new")
    form.fields |= {"organisation": str(hall.street.id)}
    page = office.submit(
        form,
        htmx=way == "htmx",
        agenda="一、学习",
        reported="学习内容：\n领学人：",
        conclusion="贯彻措施：",
    )
    assert page.status == 200
    template = db.session.scalars(select(RecordTemplate)).one()
    event = hall.seminar(agenda="")
    recorder = as_("recorder")
    assert "上级的模板，可以选用" in recorder.get("/records/templates").text
    form = recorder.get("/records/new", event=event.id).form("/records/new")
    page = recorder.submit(form, template=str(template.id), then="edit")
    assert page.status == 200
    (record,) = queries.records_of(event.id)
    assert (record.agenda, record.reported) == ("一、学习", "学习内容：\n领学人：")
    # What the template wrote counts as nothing written: it is asked for before the confirmation.
    lacking = services.missing(hall.again(record.id))
    assert {"agenda", "discussion"} <= lacking.keys()
    recorder.submit(page.form("/edit"), agenda="一、学习\n二、物业")
    assert "agenda" not in services.missing(hall.again(record.id))
    # The agenda of the event goes before that of the template.
    other = hall.seminar(agenda="9:00 物业服务")
    made = services.begin(
        event=hall.again(record.id).event,
        kind=RecordKind.SEMINAR,
        organisation=hall.branch_one,
        late_reason="",
        actor=hall.recorder,
        template=template,
    )
    assert made.agenda == "一、学习"
    form = recorder.get("/records/new", event=other.id).form("/records/new")
    recorder.submit(form, template=str(template.id))
    (record,) = queries.records_of(other.id)
    assert record.agenda == "1. 物业服务"


def test_a_record_that_went_well_becomes_a_template(hall: Hall, as_: As, at: At) -> None:
    record = hall.ready(discussion="表态发言：")
    at(NINE)
    branch = as_("branch")
    address = branch.get(f"/records/{record.id}").links()["存成模板"]
    form = branch.get(address).form("/templates/new")
    assert form.fields["discussion"] == "表态发言："
    page = branch.submit(form, name="支部座谈")
    page = branch.get(page.links()["支部座谈"])
    page = branch.submit(page.form("/edit"), name="支部座谈会")
    assert "支部座谈会" in page.links()
    page = branch.submit(branch.get(address).form("/templates/new"), name="支部座谈会")
    assert "name" in page.errors(), "two of one name cannot be told apart"
    page = branch.get("/records/templates")
    page = branch.submit(page.form("/remove"))
    assert "支部座谈会" not in page.links()
    assert hall.again(record.id).discussion == "表态发言："
    acts = select(AuditEntry.action).where(AuditEntry.action.startswith("record.template"))
    assert db.session.scalars(acts.order_by(AuditEntry.id)).all() == [
        "record.template_kept",
        "record.template_kept",
        "record.template_removed",
    ]


def test_templates_are_offered_below_and_kept_at_home(hall: Hall, as_: As, at: At) -> None:
    at(NINE)
    own = kept(hall, hall.branch_one, "支部的", reported="要点：")
    far = kept(hall, hall.haikou, "海口路的", reported="要点：")
    community = kept(hall, hall.shantou, "社区的", reported="要点：")
    offered = {one.id for one in queries.templates_for(hall.branch_one)}
    assert offered == {own.id, community.id}
    recorder = as_("recorder")
    page = recorder.get("/records/templates")
    assert "海口路的" not in page.text
    assert recorder.get(f"/records/templates/{community.id}/edit").status == 404
    assert recorder.post(f"/records/templates/{far.id}/remove").status == 404
    # Only what was offered is taken.
    form = recorder.get("/records/new", event=hall.seminar().id).form("/records/new")
    assert recorder.submit(form, template=str(far.id)).status == 422
