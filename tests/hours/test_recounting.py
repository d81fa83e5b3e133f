"""Hours follow the roll: provisional, confirmed, corrected; reckoned anew and explained."""

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from portal import clock
from portal.attendance import services as attendance
from portal.database import db, write_transaction
from portal.events import queries as events
from portal.hours import queries, services
from portal.hours.kinds import Cause, Source
from portal.hours.models import HourEntry
from portal.leaves import services as leaves
from portal.leaves.models import MakeUp, MakeUpMethod
from portal.people.models import PersonKind
from portal.signups import services as signups
from portal.signups.models import SignupOrigin
from tests import factories
from tests.attendance.test_sessions import divided, parts
from tests.hours.conftest import HOUR, NINE, At, Count, Gathering, changes, halves
from tests.page import Browser


def test_hours_are_provisional_until_the_roll_is_confirmed(
    gathering: Gathering, app: Flask, at: At, count: Count, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    count()
    assert halves(gathering.a) == []  # it still runs
    at(NINE + 3 * HOUR)
    count()
    page = Browser(app).sign_in("a").get("/hours/")
    assert page.by("data-count", "waiting")[0].text == "2"
    assert "待确认" in page.text
    gathering.confirm(event)
    count()
    entry = db.session.scalars(select(HourEntry).filter_by(person_id=gathering.a.id)).one()
    assert (entry.halves, entry.is_confirmed, entry.year) == (4, True, 2026)
    assert halves(gathering.b) == []  # was not there
    assert changes(gathering.a) == []  # came true: no news


def test_a_correction_changes_the_hours_and_the_person_reads_why(
    gathering: Gathering, app: Flask, at: At, count: Count, any_database: str
) -> None:
    event = gathering.lesson()
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    at(NINE + 3 * HOUR)
    gathering.confirm(event)
    count()
    gathering.mark(event, gathering.a, "left_early", reason="提前离场")
    gathering.mark(event, gathering.b, "present", reason="漏登")
    count()
    assert halves(gathering.a) == [2]
    assert halves(gathering.b) == [4]
    (told,) = changes(gathering.a)
    assert (told.from_halves, told.to_halves, told.cause) == (4, 2, Cause.CORRECTED)
    (new,) = changes(gathering.b)
    assert (new.from_halves, new.to_halves) == (None, 4)
    gathering.mark(event, gathering.a, "absent", reason="代签")
    count()
    assert halves(gathering.a) == []
    page = Browser(app).sign_in("a").get("/hours/")
    assert "有过的变动" in page.text
    assert "2 → 1 学时，因为名册更正" in page.text
    assert "1 → 不再计入" in page.text
    assert "按一半计" in page.text


def test_reckoning_again_changes_nothing(
    gathering: Gathering, at: At, count: Count, any_database: str
) -> None:
    events = [gathering.lesson(starts_at=NINE + timedelta(days=n)) for n in (0, 1, 40)]
    at(NINE + timedelta(days=41))
    for event in events:
        gathering.open(event)
        gathering.mark(event, gathering.a, "present")
        gathering.mark(event, gathering.b, "late")
        gathering.confirm(event)
    count()

    def kept() -> list[Any]:
        db.session.rollback()
        return sorted(db.session.execute(select(*HourEntry.__table__.columns)).all())

    before = kept()
    assert {row.year for row in before} == {2026, 2027}
    everybody = {gathering.a.id, gathering.b.id, gathering.c.id}
    for year in (2026, 2027):
        with write_transaction():
            assert services.recount(everybody, year, cause=Cause.RECOUNT) == 0
    assert kept() == before
    assert changes(gathering.a) == []
    # What each person has and what each event gives are the same hours.
    by_event = sum(queries.given(event.id).halves for event in events)
    by_person = db.session.scalar(select(func.sum(HourEntry.halves)))
    assert by_event == by_person


def test_what_was_made_up_gives_hours_and_striking_it_out_takes_them(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    event = gathering.lesson()
    at(NINE + 3 * HOUR)
    gathering.open(event)
    gathering.confirm(event)
    details = leaves.Details(MakeUpMethod.DELIVERED, date(2026, 11, 25), "支委", 3, "笔记")
    with write_transaction():
        leaves.record(
            event=event, person_ids=[gathering.a.id], details=details, actor=gathering.secretary
        )
    count()
    assert halves(gathering.a, event) == [3]
    shown = Browser(app).sign_in("secretary").get(f"/events/{event.id}/hours")
    assert "补课" in shown.text
    with write_transaction():
        made = db.session.scalars(select(MakeUp)).one()
        leaves.remove(made=made, actor=gathering.secretary)
    count()
    assert halves(gathering.a) == []
    assert changes(gathering.a)[-1].to_halves is None


def test_a_make_up_becomes_attendance_when_the_roll_is_corrected(
    gathering: Gathering, at: At, count: Count
) -> None:
    event = gathering.lesson()
    at(NINE + 3 * HOUR)
    gathering.open(event)
    gathering.confirm(event)
    details = leaves.Details(MakeUpMethod.DELIVERED, date(2026, 11, 25), "支委", 2, "")
    with write_transaction():
        leaves.record(
            event=event, person_ids=[gathering.a.id], details=details, actor=gathering.secretary
        )
    count()
    gathering.mark(event, gathering.a, "present", reason="漏登")
    count()
    assert halves(gathering.a) == [4]
    entry = db.session.scalars(select(HourEntry)).one()
    assert entry.make_up_id is None


def test_self_study_counts_only_where_a_rule_says_so(
    gathering: Gathering, at: At, count: Count
) -> None:
    event = gathering.lesson()
    at(NINE + 3 * HOUR)
    gathering.open(event)
    gathering.confirm(event)
    details = leaves.Details(MakeUpMethod.SELF_STUDY, date(2026, 11, 25), "", 2, "笔记")
    with write_transaction():
        leaves.record(
            event=event, person_ids=[gathering.a.id], details=details, actor=gathering.secretary
        )
    count()
    assert halves(gathering.a) == []


def test_guests_from_outside_the_roster_get_no_hours(
    gathering: Gathering, at: At, count: Count
) -> None:
    guest = factories.person("来宾测试", kind=PersonKind.GUEST)
    member = factories.person("外支部党员", gathering.branch_far)
    event = gathering.lesson()
    for who in (guest, member):
        gathering.invite(event, who)
    at(NINE + HOUR)
    gathering.open(event)
    for who in (guest, member):
        db.session.rollback()
        entry = gathering.statuses(event)
        if who.name not in entry:
            continue
        gathering.mark(event, who, "present")
    at(NINE + 3 * HOUR)
    gathering.confirm(event)
    count()
    assert halves(guest) == []


def test_the_time_of_coming_late_is_counted(gathering: Gathering, at: At, count: Count) -> None:
    event = gathering.lesson(ends_at=NINE + 3 * HOUR)
    at(NINE + HOUR)
    gathering.open(event)
    gathering.mark(event, gathering.a, "late")  # an hour of three has passed
    gathering.mark(event, gathering.b, "present")  # ticked an hour later, there all the time
    at(NINE + 4 * HOUR)
    gathering.confirm(event)
    count()
    assert halves(gathering.a) == [5]  # two thirds of four hours, cut to the half
    assert halves(gathering.b) == [8]


def test_who_signed_out_early_is_counted_by_the_time(
    gathering: Gathering, at: At, count: Count
) -> None:
    event = gathering.lesson(ends_at=NINE + 3 * HOUR)
    roll = gathering.open(event)
    roll.signs_out = True
    factories.commit()
    at(NINE + HOUR)
    for who in (gathering.a, gathering.b, gathering.secretary):
        gathering.mark(event, who, "present")
    entries = {
        who: gathering.entry(event, who) for who in (gathering.a, gathering.b, gathering.secretary)
    }
    entries[gathering.a].left_at = NINE + 2 * HOUR
    entries[gathering.b].left_at = NINE + 3 * HOUR - timedelta(minutes=5)  # within the grace
    factories.commit()
    at(NINE + 4 * HOUR)
    gathering.confirm(event)
    count()
    assert halves(gathering.a) == [5]
    assert halves(gathering.b) == [8]
    assert halves(gathering.secretary) == [8]
    attendance.sign_out(
        event=events.event(event.id),
        person_id=gathering.b.id,
        left_at=NINE + HOUR,
        actor=gathering.secretary,
        reason="现场核对",
    )
    factories.commit()
    count()
    assert halves(gathering.b) == [2]


def twice_for_lecturers(gathering: Gathering) -> None:
    """Have the office say that whoever gives a lesson is credited twice."""
    figures = services.RuleFigures(
        source=Source.LESSON,
        valid_from=date(2026, 1, 1),
        per_hour=2,
        per_half_day=8,
        per_day=16,
        fixed=0,
        cap_event=None,
        cap_year=None,
        needs_full_stay=False,
        lecturer_times=2,
        citation="示例〔2026〕1 号",
        note="",
    )
    with write_transaction():
        services.set_rule(organisation=gathering.street, figures=figures, actor=gathering.office)


def test_the_lecturer_on_the_roll_is_known_by_name_where_only_one_bears_it(
    gathering: Gathering, at: At, count: Count
) -> None:
    at(NINE + 3 * HOUR)
    twice_for_lecturers(gathering)
    event = gathering.lesson(lecturer=f"{gathering.a.name}、外请专家")
    gathering.open(event)
    gathering.mark(event, gathering.a, "present")
    gathering.mark(event, gathering.b, "present")
    gathering.confirm(event)
    count()
    assert halves(gathering.a) == [8]
    assert halves(gathering.b) == [4]


def test_of_two_who_bear_the_name_the_lesson_says_which(
    gathering: Gathering, at: At, count: Count
) -> None:
    at(NINE + 3 * HOUR)
    twice_for_lecturers(gathering)
    namesake = factories.person(gathering.a.name, gathering.branch_one)
    lesson = factories.lesson(gathering.branch_one, gathering.a)
    given = gathering.lesson(lecturer=f"{gathering.a.name}（支部书记）", lesson_id=lesson.id)
    other = gathering.lesson(lecturer=gathering.a.name, starts_at=NINE - HOUR * 24)
    for event in (given, other):
        gathering.open(event)
        for person in (gathering.a, namesake):
            gathering.mark(event, person, "present")
        gathering.confirm(event)
    count()
    assert (halves(gathering.a, given), halves(namesake, given)) == ([8], [4])
    assert (halves(gathering.a, other), halves(namesake, other)) == ([4], [4]), "nobody knows"


def test_a_large_roll_takes_as_many_statements_as_a_small_one(
    gathering: Gathering, at: At, queries_of
) -> None:
    few = gathering.lesson()
    at(NINE + 3 * HOUR)
    gathering.open(few)
    gathering.mark(few, gathering.a, "present")
    gathering.confirm(few)
    more = gathering.many(60)
    many = gathering.lesson(starts_at=NINE + HOUR)
    gathering.open(many)
    for person in more:
        gathering.mark(many, person, "present")
    gathering.confirm(many)

    def recount(ids) -> int:
        db.session.rollback()
        return queries_of(lambda: services.recount(ids, 2026, cause=Cause.CONFIRMED))

    one = recount([gathering.a.id])
    sixty = recount([person.id for person in more])
    db.session.rollback()
    assert sixty <= one + 1
    assert clock.today().year == 2026


def test_each_session_of_an_event_gives_its_own_hours(
    gathering: Gathering, app: Flask, at: At, count: Count
) -> None:
    whole = divided(gathering, at)
    signups.sign_up(event=whole, person=gathering.a, actor=gathering.a, origin=SignupOrigin.SELF)
    factories.commit()
    one, two = parts(whole)
    at(NINE + HOUR)
    gathering.open(one)
    gathering.mark(one, gathering.a, "present")
    at(NINE + timedelta(days=2) + HOUR)
    gathering.open(two)
    gathering.mark(two, gathering.a, "left_early")
    at(NINE + timedelta(days=2, hours=3))
    for session in parts(whole):
        gathering.confirm(session)
    count()
    assert halves(gathering.a, one) == [4]
    assert halves(gathering.a, two) == [2]
    assert halves(gathering.a, whole) == []
    assert Browser(app).sign_in("secretary").get(f"/events/{whole.id}/hours").status == 409
