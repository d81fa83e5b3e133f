"""A draft is begun with everything known, saved as one types, and never written over unseen."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.events import queries as events
from portal.events.models import EventState
from portal.records import services
from portal.records.models import RecordKind
from tests import factories
from tests.page import Browser
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]


def test_two_write_into_different_parts_without_hindering_each_other(
    hall: Hall, as_: As, at: At, any_database: str, way: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    first, second = as_("recorder"), as_("branch")
    mine = first.get(f"/records/{record.id}/edit").form("/edit")
    theirs = second.get(f"/records/{record.id}/edit").form("/edit")
    htmx = way == "htmx"
    assert first.submit(mine, htmx=htmx, discussion="甲写的").status == 200
    page = second.submit(theirs, htmx=htmx, conclusion="乙写的")
    assert page.status == 200
    record = hall.again(record.id)
    assert (record.discussion, record.conclusion) == ("甲写的", "乙写的")


def test_two_write_into_one_part_and_the_second_sees_both_texts(
    hall: Hall, as_: As, at: At, any_database: str, way: str
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    first, second = as_("recorder"), as_("branch")
    mine = first.get(f"/records/{record.id}/edit").form("/edit")
    theirs = second.get(f"/records/{record.id}/edit").form("/edit")
    htmx = way == "htmx"
    first.submit(mine, htmx=htmx, discussion="甲写的")
    page = second.submit(theirs, htmx=htmx, discussion="乙写的", conclusion="也是乙写的")
    assert page.status == 409
    assert "甲写的" in page.alert
    assert "乙写的" in page.alert
    assert hall.again(record.id).discussion == "甲写的"
    if htmx:
        return
    # Whoever has seen both decides; nothing typed was lost.
    again = page.form("/edit")
    assert again.fields["discussion"] == "乙写的"
    over = page.find_all("button", name="over")[0].get("value")
    page = second.submit(again, over=over)
    assert page.status == 200
    record = hall.again(record.id)
    assert (record.discussion, record.conclusion) == ("乙写的", "也是乙写的")


def test_saving_as_one_types_does_not_take_old_text_for_a_change(
    hall: Hall, as_: As, at: At
) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    first, second = as_("recorder"), as_("branch")
    mine = first.get(f"/records/{record.id}/edit").form("/edit")
    theirs = second.get(f"/records/{record.id}/edit").form("/edit")
    second.submit(theirs, discussion="乙写的")
    saved = first.submit(mine, htmx=True, conclusion="甲写的")
    seen = saved.find_all("input", name="seen")[0].get("value")
    # The first page still has the discussion as it was: saved again, it must not come back.
    first.submit(mine, htmx=True, conclusion="甲又写的", seen=seen)
    record = hall.again(record.id)
    assert (record.discussion, record.conclusion) == ("乙写的", "甲又写的")


def test_a_statement_does_not_make_the_text_stale(hall: Hall, as_: As, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}/edit").form("/edit")
    hall.say(record, "刚刚说的")
    assert recorder.submit(form, discussion="写的").status == 200
    assert hall.again(record.id).discussion == "写的"


def test_everything_known_is_filled_in_and_people_come_from_the_roll(
    hall: Hall, as_: As, at: At
) -> None:
    event = hall.seminar(place="红色书屋", agenda="9:00 介绍\n9:30 发言", lecturer="主讲测试甲")
    at(NINE)
    record = hall.record(event, RecordKind.PARTY_LESSON)
    assert record.title == "物业服务座谈会（党课）"
    assert (record.place, record.recorder) == ("红色书屋", "记录测试甲")
    assert record.agenda == "1. 介绍\n2. 发言"
    assert record.reported.startswith("主讲人：主讲测试甲")
    hall.mark(event, hall.a, "present")
    hall.mark(event, hall.b, "leave_sick")
    at(NINE + HOUR)
    hall.confirm(event)
    page = as_("recorder").get(f"/records/{record.id}")
    assert "党员测试乙（病假）" in page.text
    page = as_("recorder").get(f"/records/{record.id}/edit")
    names = {field for form in page.forms() for field in form.fields}
    assert not names & {"present", "due", "absent", "people"}


def test_one_gathering_has_a_record_for_each_kind(hall: Hall, as_: As, at: At) -> None:
    event = hall.seminar()
    at(NINE)
    hall.record(event, RecordKind.BRANCH_CONGRESS)
    hall.record(event, RecordKind.PARTY_LESSON)
    page = as_("recorder").get(f"/events/{event.id}/records")
    assert len(page.by("data-record")) == 2


def test_a_record_begun_late_says_so_and_why(hall: Hall, as_: As, at: At) -> None:
    event = hall.seminar()
    at(event.ends_at + timedelta(hours=49))
    recorder = as_("recorder")
    form = recorder.get(f"/records/new?event={event.id}").form("/records/new")
    page = recorder.submit(form)
    assert page.status == 422
    assert "late_reason" in page.errors()
    page = recorder.submit(form, late_reason="停电，本子上补记")
    assert page.status == 200
    record = hall.again(1)
    assert (record.is_late, record.late_reason) == (True, "停电，本子上补记")
    assert "停电，本子上补记" in recorder.get(f"/records/{record.id}").text
    at(event.ends_at + timedelta(hours=47))
    assert not hall.record(event).is_late


@pytest.mark.parametrize(
    "state", [EventState.DRAFT, EventState.CANCELLED, EventState.POSTPONED, EventState.ARCHIVED]
)
def test_no_record_of_what_does_not_take_place_or_is_filed(
    hall: Hall, as_: As, at: At, state: EventState
) -> None:
    event = hall.seminar(state=state)
    at(NINE)
    page = as_("recorder").post(
        f"/records/new?event={event.id}", {"kind": "seminar", "organisation": hall.branch_one.id}
    )
    assert page.status == 409


def test_a_record_goes_into_no_other_organisations_book(hall: Hall, as_: As, at: At) -> None:
    event = hall.seminar()
    at(NINE)
    page = as_("recorder").post(
        f"/records/new?event={event.id}", {"kind": "seminar", "organisation": hall.branch_far.id}
    )
    assert page.status == 422
    assert "organisation" in page.errors() or page.alert


def test_the_book_lists_by_right_and_asks_the_same_for_one_and_for_many(
    hall: Hall, as_: As, at: At, queries_of: Callable[..., int]
) -> None:
    at(NINE)
    event = hall.seminar()
    hall.record(event)
    recorder = as_("recorder")
    one = queries_of(lambda: recorder.get("/records/"))
    for _ in range(49):
        services.begin(
            event=events.event(event.id),
            kind=RecordKind.SEMINAR,
            organisation=hall.branch_one,
            late_reason="",
            actor=hall.recorder,
        )
    factories.commit()
    many = queries_of(lambda: recorder.get("/records/"))
    assert one == many <= 8
    assert len(recorder.get("/records/").by("data-record")) == 50
    assert as_("secretary2").get("/records/").by("data-record") == []
    assert len(as_("office").get("/records/?kind=seminar&year=2026").by("data-record")) == 50
    assert as_("office").get("/records/?kind=election").by("data-record") == []
    assert as_("office").get("/records/?q=物业&state=draft").by("data-record")
    assert as_("office").get(f"/records/?org={hall.haikou.id}").by("data-record") == []


def test_prepared_questions_stand_beside_the_notes_and_become_the_agenda(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    event = hall.seminar()
    at(NINE - HOUR)
    branch = as_("branch")
    page = branch.get(f"/events/{event.id}/prepared")
    page = branch.submit(page.form("/prepared"), questions="几点收摊？ | 街区商户\n\n停车怎么办\n")
    page = branch.submit(page.form("/prepared/agenda"))
    assert page.status == 200
    again = branch.post(f"/events/{event.id}/prepared/agenda")
    assert again.status == 409
    at(NINE)
    record = hall.record(event)
    assert record.agenda == "1. 几点收摊？（街区商户）\n2. 停车怎么办"
    page = as_("recorder").get(f"/records/{record.id}/notes")
    assert "问街区商户" in page.text
    branch = as_("branch")
    assert branch.post(f"/events/{event.id}/prepared/agenda").status == 409
    too_many = "\n".join(f"问题{number}" for number in range(61))
    page = branch.get(f"/events/{event.id}/prepared")
    assert branch.submit(page.form("/prepared"), questions=too_many).status == 422


def test_a_resolution_has_an_owner_and_is_followed_after_the_confirmation(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    record = hall.ready()
    at(NINE + HOUR)
    recorder = as_("recorder")
    form = recorder.get(f"/records/{record.id}/resolutions/new").form("/resolutions/new")
    assert "owner" in recorder.submit(form, text="印发公约").errors()
    assert (
        "due_on"
        in recorder.submit(form, text="印发公约", owner="组织委员", due_on="2026-11-01").errors()
    )
    page = recorder.submit(form, text="印发公约", owner="组织委员", due_on="2026-11-30")
    assert page.by("data-resolution", "open")
    hall.finish(record)
    at(NINE + timedelta(days=8))
    recorder = as_("recorder")
    assert "已过期" in recorder.get("/records/resolutions").text
    address = f"/records/{record.id}/resolutions/1"
    form = recorder.get(address).form("/resolutions/1")
    assert "note" in recorder.submit(form, progress="dropped").errors()
    page = recorder.submit(form, progress="done", note="已张贴")
    assert page.by("data-resolution", "done")
    assert "印发公约" not in recorder.get("/records/resolutions").text
    assert as_("secretary2").get(address).status == 404


def test_another_branchs_record_is_not_there(hall: Hall, as_: As, at: At) -> None:
    record = hall.record(hall.seminar())
    at(NINE)
    made = hall.say(record, "原话")
    other = as_("secretary2")
    for path in (
        f"/records/{record.id}",
        f"/records/{record.id}/notes",
        f"/records/{record.id}/edit",
        f"/records/{record.id}/statements/{made.id}",
        f"/records/{record.id}/book-page.docx",
        f"/events/{record.event_id}/minutes.docx",
        f"/events/{record.event_id}/records",
    ):
        assert other.get(path).status in {403, 404}, path


def test_groups_that_are_called_alike_are_told_apart(hall: Hall, as_: As, at: At) -> None:
    for branch in (hall.branch_one, hall.branch_two):
        factories.organisation(f"{branch.name}第1党小组", branch, short_name="第1党小组")
    event = hall.seminar(host=hall.shantou)
    at(NINE)
    page = as_("secretary").get(f"/records/new?event={event.id}")
    [field] = page.find_all("select", name="organisation")
    shown = ["".join(option.itertext()).strip() for option in field.iter("option")]
    assert "汕头路社区第二党支部第1党小组" in shown
    assert "第1党小组" not in shown
