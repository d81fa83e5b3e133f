"""Confirmed by two, host and recorder; from then on only dated addenda."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import EventState
from portal.events.queries import event as event_by_id
from portal.records import hooks, kinds, services
from portal.records.models import Addendum, MeetingRecord, RecordKind, RecordState
from tests import factories
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]


def test_recorder_and_secretary_confirm_one_after_the_other(
    hall: Hall, as_: As, at: At, any_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(hooks, "confirmed", [lambda record: told.append(record.id)])
    record = hall.ready()
    at(NINE + 2 * HOUR)
    recorder, secretary = as_("recorder"), as_("branch")
    page = recorder.get(f"/records/{record.id}")
    page = recorder.submit(page.form("/confirm-as-recorder"))
    assert page.status == 200
    assert "还要主持人确认" in page.text
    assert not told
    page = secretary.submit(secretary.get(f"/records/{record.id}").form("/confirm-as-host"))
    assert page.status == 200
    record = hall.again(record.id)
    assert (record.state, record.confirmed_at) == (RecordState.CONFIRMED, NINE + 2 * HOUR)
    assert told == [record.id]
    # What is confirmed is not written on any more.
    assert recorder.get(f"/records/{record.id}/edit").status == 409
    assert not [form for form in page.forms() if "confirm-as" in form.action]


def test_nobody_confirms_for_both(hall: Hall, as_: As, at: At, any_database: str) -> None:
    record = hall.ready()
    at(NINE + 2 * HOUR)
    secretary = as_("branch")
    page = secretary.get(f"/records/{record.id}")
    as_host = page.form("/confirm-as-host")
    secretary.submit(page.form("/confirm-as-recorder"))
    again = secretary.submit(as_host)
    assert again.status == 409
    assert "由两个人分别确认" in again.alert
    assert hall.again(record.id).is_draft
    # Whatever the portal did, the database would not have it.
    both = {"host_confirmed_by_id": hall.branch.id, "recorder_confirmed_by_id": hall.branch.id}
    with pytest.raises(IntegrityError):
        db.session.execute(update(MeetingRecord).values(both))
    db.session.rollback()


def test_a_recorder_does_not_confirm_for_the_host(hall: Hall, as_: As, at: At) -> None:
    record = hall.ready()
    at(NINE + 2 * HOUR)
    recorder = as_("recorder")
    page = recorder.get(f"/records/{record.id}")
    assert not [form for form in page.forms() if form.action.endswith("/confirm-as-host")]
    typed = {"version": record.version, "statements": record.statements}
    refused = recorder.post(f"/records/{record.id}/confirm-as-host", typed)
    assert refused.status == 409
    assert hall.again(record.id).host_confirmed_by_id is None


def test_what_changes_undoes_a_confirmation(hall: Hall, as_: As, at: At) -> None:
    record = hall.ready()
    at(NINE + 2 * HOUR)
    recorder = as_("recorder")
    recorder.submit(recorder.get(f"/records/{record.id}").form("/confirm-as-recorder"))
    assert hall.again(record.id).recorder_confirmed_by_id == hall.recorder.id
    hall.say(record, "补一句")
    assert hall.again(record.id).recorder_confirmed_by_id is None
    recorder.submit(recorder.get(f"/records/{record.id}").form("/confirm-as-recorder"))
    page = recorder.get(f"/records/{record.id}/edit")
    recorder.submit(page.form("/edit"), discussion="改了一段")
    assert hall.again(record.id).recorder_confirmed_by_id is None


def test_only_what_was_seen_is_confirmed(hall: Hall, as_: As, at: At) -> None:
    record = hall.ready()
    at(NINE + 2 * HOUR)
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}").form("/confirm-as-recorder")
    hall.say(record, "刚刚又说的")
    page = recorder.submit(form)
    assert (page.status, page.alert) == (409, "您看过以后，记录又有改动。请再看一遍，然后确认。")


@pytest.mark.parametrize("kind", list(RecordKind))
def test_each_kind_says_what_it_still_needs_and_why(hall: Hall, at: At, kind: RecordKind) -> None:
    at(NINE)
    record = hall.record(hall.seminar(place=""), kind)
    lacking = services.missing(hall.again(record.id))
    assert "roll" in lacking
    needed = set(kinds.required(kind))
    assert needed - lacking.keys() <= {"title", "recorder"}
    assert all(lacking.values())


def test_the_roll_must_be_confirmed_first(hall: Hall, as_: As, at: At) -> None:
    event = hall.seminar()
    record = hall.record(event)
    at(NINE + HOUR)
    page = as_("recorder").get(f"/records/{record.id}")
    assert "请先确认名册" in page.text
    typed = {"version": record.version, "statements": record.statements}
    refused = as_("recorder").post(f"/records/{record.id}/confirm-as-recorder", typed)
    assert refused.status == 409
    assert "名册" in refused.alert


def test_an_addendum_is_dated_and_never_changed(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    record = hall.confirmed()
    at(NINE + timedelta(days=3))
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}").form("/addenda")
    assert recorder.submit(form, text=" ").status == 422
    page = recorder.submit(form, text="会议室应为二楼。")
    assert "2026年11月28日（周六） 记录测试甲" in page.text
    assert "会议室应为二楼。" in page.text
    for change in (update(Addendum).values(text="改"), delete(Addendum)):
        with pytest.raises(DBAPIError, match="never changed"):
            db.session.execute(change)
        db.session.rollback()


def test_a_draft_has_no_addenda_and_what_is_filed_neither(hall: Hall, as_: As, at: At) -> None:
    record = hall.ready()
    at(NINE + 2 * HOUR)
    page = as_("recorder").post(f"/records/{record.id}/addenda", {"text": "补充"})
    assert page.status == 409
    record = hall.confirmed()
    event_by_id(record.event_id).state = EventState.ARCHIVED
    factories.commit()
    page = as_("recorder").post(f"/records/{record.id}/addenda", {"text": "补充"})
    assert page.status == 409


def test_the_audit_knows_who_confirmed_as_what(hall: Hall, at: At) -> None:
    hall.confirmed()
    acts = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "record.confirmed").order_by(AuditEntry.id)
    ).all()
    assert [entry.actor_name for entry in acts] == ["记录测试甲", "支书测试甲"]
