"""Confirmed minutes are read by those who were there; drafts by those who keep them alone."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from portal.attendance.models import AttendanceStatus
from portal.people.models import Organisation, Person
from portal.records import policies, queries, services
from portal.records.models import MeetingRecord, RecordKind, RecordState
from portal.records.policies import Stood
from tests import factories
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]
Status = AttendanceStatus
OWN, OTHER = "/ZHL/ZHL-01/ZHL-01-01/", "/ZHL/ZHL-01/ZHL-01-02/"


def stood(status: Status, has_come: bool = False, path: str = OWN) -> Stood:
    return Stood(status, has_come, path)


# How one stands on the roll; is it the host's own record, a draft, which kind -> may one read it.
TABLE: list[tuple[Stood | None, bool, bool, RecordKind, bool]] = [
    (stood(Status.PRESENT, has_come=True), True, False, RecordKind.SEMINAR, True),
    (stood(Status.ABSENT), True, False, RecordKind.SEMINAR, True),
    (stood(Status.LEAVE_SICK), True, False, RecordKind.SEMINAR, True),
    (stood(Status.EXEMPT), True, False, RecordKind.SEMINAR, True),
    (stood(Status.INVITED, has_come=True), True, False, RecordKind.SEMINAR, True),
    (stood(Status.INVITED), True, False, RecordKind.SEMINAR, False),
    (stood(Status.GUEST, has_come=True), True, False, RecordKind.SEMINAR, True),
    (stood(Status.GUEST), True, False, RecordKind.SEMINAR, False),
    (None, True, False, RecordKind.SEMINAR, False),
    # Never a draft, never what was said between two.
    (stood(Status.PRESENT, has_come=True), True, True, RecordKind.SEMINAR, False),
    (stood(Status.PRESENT, has_come=True), True, False, RecordKind.HEART_TALK, False),
    # The record of a branch below the host is for its own people.
    (stood(Status.PRESENT, has_come=True), False, False, RecordKind.SEMINAR, True),
    (stood(Status.PRESENT, has_come=True, path=OTHER), False, False, RecordKind.SEMINAR, False),
    (stood(Status.PRESENT, has_come=True, path=OTHER), True, False, RecordKind.SEMINAR, True),
]


@pytest.mark.parametrize(("on_roll", "is_hosts", "is_draft", "kind", "may"), TABLE)
def test_who_reads_minutes(
    on_roll: Stood | None, is_hosts: bool, is_draft: bool, kind: RecordKind, may: bool
) -> None:
    branch = Organisation(id=2, path=OWN)
    state = RecordState.DRAFT if is_draft else RecordState.CONFIRMED
    record: Any = SimpleNamespace(
        organisation_id=2,
        organisation=branch,
        event=SimpleNamespace(host_id=2 if is_hosts else 1),
        kind=kind,
        state=state,
        is_draft=is_draft,
    )
    member = Person(id=7, grants=[])
    assert policies.may_read(member, cast("MeetingRecord", record), on_roll) is may


def test_a_member_finds_and_reads_them_without_why_others_were_on_leave(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    event = hall.seminar()
    record = hall.record(event)
    at(NINE)
    hall.mark(event, hall.a, "present")
    hall.mark(event, hall.b, "leave_sick")
    hall.say(record, "几点供水？")
    at(NINE + HOUR)
    member = as_("a")
    assert member.get(f"/minutes/{record.id}").status == 404, "a draft"
    assert not member.get(f"/events/{event.id}").by("data-minutes")
    hall.confirm(event)
    record = finished(hall, record)
    at(NINE + 2 * HOUR)
    page = as_("a").get("/minutes/")
    page = as_("a").get(page.links()["物业服务座谈会"])
    assert "党员测试甲（汕头路社区第一党支部）【问题】：几点供水？" in page.text
    assert "请假：党员测试乙" in page.text
    assert "病假" not in page.text
    assert as_("a").get(f"/events/{event.id}").by("data-minutes", "1")
    # Who was due and absent reads what was missed; who does not belong there reads nothing.
    assert as_("b").get(f"/minutes/{record.id}").status == 200
    for stranger in ("c", "d", "officer", "secretary2"):
        assert as_(stranger).get(f"/minutes/{record.id}").status == 404
        assert "物业服务座谈会" not in as_(stranger).get("/minutes/").text
    # Minutes alone: the record itself with its acts stays with those who keep it.
    assert as_("a").get(f"/records/{record.id}").status == 404
    assert as_("sysadmin").get(f"/minutes/{record.id}").status == 403


def finished(hall: Hall, record: MeetingRecord) -> MeetingRecord:
    record = hall.again(record.id)
    typed = {"chair": "支书测试甲", "agenda": "一、物业"}
    services.save(record=record, typed=typed, seen=services.seen(record), actor=hall.recorder)
    factories.commit()
    return hall.finish(record)


def test_the_question_to_the_database_agrees_with_the_rule(
    hall: Hall, at: At, any_database: str
) -> None:
    event = hall.seminar(host=hall.shantou)
    hall.also_due(event, hall.branch_two)
    whole = hall.record(event, actor=hall.secretary, organisation=hall.shantou)
    part = hall.record(event, RecordKind.PARTY_LESSON, actor=hall.secretary)
    talk = hall.record(event, RecordKind.HEART_TALK, actor=hall.secretary)
    at(NINE)
    hall.mark(event, hall.a, "present")
    hall.mark(event, hall.keeper, "invited")
    for one in (whole, part, talk):
        hall.again(one.id).state = RecordState.CONFIRMED
        factories.commit()
    for person in (hall.a, hall.b, hall.c, hall.d, hall.keeper, hall.visitor):
        found = {one.id for one in queries.readable_of(event.id, person)}
        paged = {one.id for one in queries.readable_records(person, 1).rows}
        allowed = set()
        for one in (whole, part, talk):
            record = hall.again(one.id)
            reader = hall.with_grants(person)
            if policies.may_read(reader, record, queries.stood(record, reader)):
                allowed.add(one.id)
        assert found == paged == allowed, person.name
    assert {one.id for one in queries.readable_of(event.id, hall.c)} == {whole.id}
