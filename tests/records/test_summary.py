"""The closing summary: filled in from all that is known, completed in words, kept and printed."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import select

from portal.attendance import queries
from portal.audit.models import AuditEntry
from portal.database import db
from portal.events.models import Event, EventState
from portal.events.queries import event as event_by_id
from portal.messages.models import Message
from portal.records import services
from portal.records.models import (
    EventSummary,
    RecordKind,
    StatementKind,
    SummaryDraft,
    VoteBasis,
    VoteMethod,
)
from portal.records.services import Ballot
from portal.records.summary import opening
from tests import factories
from tests.chores import work_at
from tests.page import Browser, text_of
from tests.records.conftest import HOUR, NINE, At, Hall

As = Callable[[str], Browser]
DAY = timedelta(days=1)


def held(hall: Hall, at: At) -> Event:
    """A congress at which something was said, voted and resolved; its roll is confirmed."""
    event = hall.seminar()
    record = hall.record(event, RecordKind.BRANCH_CONGRESS)
    at(NINE)
    hall.mark(event, hall.a, "present")
    hall.say(record, "几点供水？")
    hall.say(record, "下周就办。", kind=StatementKind.ANSWER)
    ballot = Ballot("楼道公约", VoteBasis.COMMITTEE, VoteMethod.HANDS, 5, 4, 1, listed=5)
    record = hall.again(record.id)
    services.enter_vote(record=record, ballot=ballot, actor=hall.recorder)
    services.resolve(
        record=record, text="印发公约", owner="组织委员", due_on=None, actor=hall.recorder
    )
    factories.commit()
    at(NINE + 2 * HOUR)
    hall.confirm(event)
    return event


def test_after_the_roll_one_press_and_the_text_is_there(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    event = held(hall, at)
    recorder = as_("recorder")
    recorder.submit(spot(recorder, event))
    onward = recorder.get(f"/events/{event.id}/attendance").links()["活动小结"]
    page = recorder.get(onward)  # the one press
    form = page.form("/summary/edit")
    text = form.fields["text"]
    for told in (
        "共记下发言 2 条：问题 1 条，答复 1 条。",
        "1. 党员测试甲：几点供水？",
        "楼道公约：通过（赞成 4 票，反对 1 票，弃权 0 票）。",
        "1. 印发公约。由组织委员落实。",
        "登记问题建议 1 件：当场办结 1 件。",
    ):
        assert told in text
    assert "下周就办" not in text
    assert "实到 1 人" in text_of(page.by("data-opening")[0])
    page = recorder.submit(form, text=f"{text}\n大家都说好。\n九、空的\n")
    assert page.status == 200
    assert "大家都说好。" in page.text
    assert "空的" not in page.text, "a heading without a word below it"
    assert "、成效和下一步" in page.text
    answer = recorder.client.get(f"/events/{event.id}/summary.docx")
    written = [one.text for one in Document(BytesIO(answer.data)).paragraphs]
    assert written[0] == "物业服务座谈会活动小结"
    assert "实到 1 人" in written[2]
    assert "大家都说好。" in written
    # Who came is the roll's word for ever: what is corrected there is corrected here.
    hall.mark(event, hall.b, "present", reason="漏记")
    assert "实到 2 人" in as_("recorder").get(f"/events/{event.id}/summary").text


def spot(browser: Browser, event: Event):
    """The short form of what is settled at once, as the roll leads to it."""
    address = browser.get(f"/events/{event.id}/attendance").links()["当场办结"]
    form = browser.get(address).form("/cases/spot")
    form.fields |= {"words": "楼道灯不亮", "measures": "当场换了灯泡", "confirmed": "y"}
    return form


def test_before_the_roll_is_confirmed_there_is_none_and_it_says_why(
    hall: Hall, as_: As, at: At
) -> None:
    event = hall.seminar()
    at(NINE + HOUR)
    page = as_("recorder").get(f"/events/{event.id}/summary")
    assert "先确认名册" in page.text
    assert not [form for form in page.forms() if form.action.endswith("/summary/edit")]
    refused = as_("recorder").post(f"/events/{event.id}/summary/edit", {"text": "小结"})
    assert refused.status == 409
    assert as_("recorder").get(f"/events/{event.id}/summary.docx").status == 404


def test_anothers_words_are_not_overwritten_unseen(hall: Hall, as_: As, at: At) -> None:
    event = held(hall, at)
    first, second = as_("recorder"), as_("branch")
    mine = first.get(f"/events/{event.id}/summary/edit").form("/summary/edit")
    theirs = second.get(f"/events/{event.id}/summary/edit").form("/summary/edit")
    assert first.submit(mine, text="").status == 422
    first.submit(mine, text="甲写的")
    page = second.submit(theirs, text="乙写的")
    assert page.status == 409
    assert "甲写的" in page.alert
    again = page.form("/summary/edit")
    assert again.fields["text"] == "乙写的"
    assert second.submit(again, text="两个人的").status == 409, "the button says it was seen"
    over = page.by("name", "over")[0].get("value")
    assert second.submit(again, text="两个人的", over=over).status == 200
    assert [one.text for one in db.session.scalars(select(EventSummary))] == ["两个人的"]
    # What is known by now can be put together anew; nothing is kept before it is saved.
    fresh = first.get(f"/events/{event.id}/summary/edit", fresh=1).form("/summary/edit")
    assert "几点供水" in fresh.fields["text"]
    event_by_id(event.id).state = EventState.ARCHIVED
    factories.commit()
    page = first.submit(fresh, text="归档以后写的")
    assert page.status == 409
    assert text_of(page.by("data-unkept")[0]) == "归档以后写的"
    assert "两个人的" in first.get(f"/events/{event.id}/summary").text


def edit_of(event: Event) -> str:
    return f"/events/{event.id}/summary/edit"


def drafts() -> list[str]:
    return list(db.session.scalars(select(SummaryDraft.text)))


def test_what_is_typed_is_a_draft_until_it_is_kept(
    hall: Hall, as_: As, at: At, any_database: str
) -> None:
    event = held(hall, at)
    recorder = as_("recorder")
    page = recorder.get(edit_of(event))
    form = page.form("/summary/edit")
    assert "边写边存" in page.text
    saved = recorder.submit(form, htmx=True, text="写到一半")
    assert (saved.status, bool(saved.by("data-saved"))) == (200, True)
    form.fields["seen"] = saved.by("name", "seen")[0].get("value")
    recorder.submit(form, htmx=True, text="写到一半，又写了一段")
    assert drafts() == ["写到一半，又写了一段"]
    # It is nobody's paper yet: not printed, not done, and whoever comes next goes on with it.
    assert not db.session.scalars(select(EventSummary)).all()
    assert recorder.client.get(f"/events/{event.id}/summary.docx").status_code == 404
    branch = as_("branch")
    page = branch.get(f"/events/{event.id}/summary")
    assert page.form("/summary/edit").fields["text"] == "写到一半，又写了一段"
    assert "记录测试甲" in text_of(page.by("data-draft")[0])
    page = branch.submit(page.form("/summary/edit"), text="写好了")
    assert "小结已存好" in page.text
    assert drafts() == []
    # A sitting is one act of the audit.
    acts = select(AuditEntry.action).where(AuditEntry.action.startswith("summary."))
    assert db.session.scalars(acts.order_by(AuditEntry.id)).all() == [
        "summary.drafted",
        "summary.written",
    ]


def test_the_kept_summary_stands_until_its_draft_is_kept_or_dropped(
    hall: Hall, as_: As, at: At
) -> None:
    event = held(hall, at)
    recorder = as_("recorder")
    recorder.submit(recorder.get(edit_of(event)).form("/summary/edit"), text="存好的")
    page = recorder.get(edit_of(event))
    assert not page.by("data-draft")
    recorder.submit(page.form("/summary/edit"), htmx=True, text="改到一半")
    assert "存好的" in recorder.get(f"/events/{event.id}/summary").text
    assert "改到一半" not in recorder.get(f"/events/{event.id}/summary").text
    page = recorder.get(edit_of(event))
    assert page.form("/summary/edit").fields["text"] == "改到一半"
    page = recorder.submit(page.form("/draft/discard"))
    assert "草稿已经不要了" in page.text
    assert page.form("/summary/edit").fields["text"] == "存好的"
    assert drafts() == []
    assert "没有草稿" in recorder.post(f"/events/{event.id}/summary/draft/discard").text


def test_two_who_type_into_one_summary_see_both_texts(
    hall: Hall, as_: As, at: At, any_database: str, way: str
) -> None:
    event = held(hall, at)
    first, second = as_("recorder"), as_("branch")
    mine = first.get(edit_of(event)).form("/summary/edit")
    theirs = second.get(edit_of(event)).form("/summary/edit")
    first.submit(mine, htmx=True, text="甲写的")
    page = second.submit(theirs, htmx=way == "htmx", text="乙写的")
    assert page.status == 409
    assert "甲写的" in page.alert
    assert "乙写的" in page.alert
    assert drafts() == ["甲写的"]
    over = page.by("name", "over")[0].get("value")
    second.submit(theirs, text="甲和乙写的", over=over)
    assert [one.text for one in db.session.scalars(select(EventSummary))] == ["甲和乙写的"]
    # The first goes on typing into the old words, and is told as well.
    page = first.submit(mine, htmx=True, text="甲写的，还有")
    assert (page.status, "甲和乙写的" in page.alert) == (409, True)


def test_an_emptied_box_takes_no_draft_away(hall: Hall, as_: As, at: At) -> None:
    event = held(hall, at)
    recorder = as_("recorder")
    form = recorder.get(edit_of(event)).form("/summary/edit")
    recorder.submit(form, htmx=True, text="写过的")
    page = recorder.submit(form, htmx=True, text="  ")
    assert page.status == 422
    assert "请写几句小结" in page.text
    assert drafts() == ["写过的"]


def test_a_draft_that_was_never_kept_is_shown_once_the_event_is_filed(
    hall: Hall, as_: As, at: At
) -> None:
    event = held(hall, at)
    recorder = as_("recorder")
    form = recorder.get(edit_of(event)).form("/summary/edit")
    recorder.submit(form, htmx=True, text="写过的")
    event_by_id(event.id).state = EventState.ARCHIVED
    factories.commit()
    refused = recorder.submit(form, htmx=True, text="还想写")
    assert (refused.status, "归档以前" in refused.alert) == (409, True)
    page = recorder.get(f"/events/{event.id}/summary")
    assert text_of(page.by("data-unkept")[0]) == "写过的"
    assert not [one for one in page.forms() if one.action.endswith("/summary/edit")]


def test_who_runs_the_event_is_reminded_once_and_not_once_it_is_written(
    app: Flask, hall: Hall, at: At, any_database: str
) -> None:
    event = held(hall, at)
    wanted = select(Message.subject).where(
        Message.person_id == hall.branch.id, Message.subject.startswith("写活动小结")
    )
    work_at(app, NINE + 3 * HOUR)  # the same day
    assert not db.session.scalars(wanted).all()
    work_at(app, NINE + DAY)
    work_at(app, NINE + 2 * DAY)
    assert db.session.scalars(wanted).all() == ["写活动小结：物业服务座谈会"]
    other = hall.seminar(title="另一场")
    at(NINE + 2 * HOUR)
    hall.confirm(other)
    services.sum_up(event=event_by_id(other.id), text="好", seen="", actor=hall.branch)
    factories.commit()
    work_at(app, NINE + 3 * DAY)
    assert len(db.session.scalars(wanted).all()) == 1
    assert event.id != other.id


@pytest.mark.parametrize(("due", "told"), [(True, "应到 7 人"), (False, "到场 0 人")])
def test_the_opening_says_who_came_or_that_nobody_was_due(
    hall: Hall, at: At, due: bool, told: str
) -> None:
    event = event_by_id(hall.seminar(place="").id)
    at(NINE)
    if due:
        hall.open(event)
    words = opening(event, queries.numbers(event.id))
    assert told in words
    assert words.startswith("2026年11月25日9:00至11:00，汕头路社区第一党支部举办“物业服务座谈会”")
