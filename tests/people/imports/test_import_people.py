"""Rosters: who is new, who changes, who is refused; all of it or nothing."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import delete, select
from sqlalchemy import event as sqlalchemy_event

from portal import clock
from portal.audit import services as audit
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.people import queries
from portal.people.directory_queries import person_to_change
from portal.people.imports import services
from portal.people.imports.people import People
from portal.people.models import (
    EndReason,
    Gender,
    Membership,
    Person,
    PersonKey,
    PersonKind,
    Post,
)
from portal.people.services import relations
from tests import factories
from tests.people.imports.sheets import (
    BRANCH_FAR,
    BRANCH_ONE,
    BRANCH_TWO,
    member,
    roster,
    workbook,
)
from tests.people.worlds import until_somebody_waits


@pytest.fixture
def street(app: Flask) -> dict[str, int]:
    """A tree of two communities; branch name -> id."""
    top = factories.organisation("珠海路街道党工委", code="ZHL")
    shantou = factories.organisation("汕头路社区党委", top, code="ZHL-01")
    haikou = factories.organisation("海口路社区党委", top, code="ZHL-02")
    branches = [
        factories.organisation(BRANCH_ONE, shantou, code="ZHL-01-01"),
        factories.organisation(BRANCH_TWO, shantou, code="ZHL-01-02"),
        factories.organisation(BRANCH_FAR, haikou, code="ZHL-02-01"),
    ]
    ids = {branch.name: branch.id for branch in branches}
    factories.commit()
    return ids


def imported(*members: Any, roots: tuple[str, ...] | None = None) -> People:
    return imported_file(roster(*members), roots=roots)


def imported_file(content: bytes, roots: tuple[str, ...] | None = None) -> People:
    with write_transaction():
        return services.import_people(
            services.read_people(content),
            file=services.file_facts("花名册.xlsx", content),
            actor=None,
            roots=roots,
        )


def reasons(plan: People) -> list[tuple[int, str, str]]:
    return [(refusal.row, refusal.column, refusal.reason) for refusal in plan.in_order()]


def person(name: str) -> Person:
    db.session.rollback()
    return db.session.scalars(select(Person).where(Person.name == name)).one()


def memberships(name: str) -> list[Membership]:
    wanted = select(Membership).where(Membership.person_id == person(name).id)
    return list(db.session.scalars(wanted.order_by(Membership.id)))


def posts(name: str) -> list[tuple[str, date | None, date | None]]:
    wanted = select(Post).where(Post.person_id == person(name).id).order_by(Post.id)
    return [(post.title, post.valid_from, post.valid_to) for post in db.session.scalars(wanted)]


def differences(plan: People) -> list[tuple[str, str, str]]:
    return [(d.label, d.old, d.new) for change in plan.changed for d in change.differences]


YESTERDAY = timedelta(days=1)


def test_a_row_becomes_a_person_with_branch_and_post(
    any_database: str, street: dict[str, int]
) -> None:
    row = member(
        "王　䶮（预备）",
        values={
            "党内职务": "组织委员、党小组长",
            "手机号码": "１９９ ００００ ０００１",
            "性别": "男",
        },
    )
    plan = imported(row)
    assert str(plan.counts) == "created 1, changed 0, unchanged 0, refused 0"
    who = person("王䶮")
    assert (who.gender, who.birth_year, who.joined_on) == (Gender.MALE, 1974, date(2014, 6, 1))
    assert (who.phone, who.work_unit, who.note) == ("19900000001", "退休", "预备")
    assert who.pinyin_key.startswith("wang2")
    assert who.stroke_key.startswith("04")
    (membership,) = memberships("王䶮")
    assert membership.organisation_id == street[BRANCH_ONE]
    assert (membership.valid_from, membership.valid_to) == (None, None)
    assert posts("王䶮") == [("组织委员", None, None), ("党小组长", None, None)]


def test_what_must_not_be_kept_is_nowhere(street: dict[str, int]) -> None:
    imported(member("王䶮", values={"民族": "满族独有词"}))
    db.session.commit()
    raw: Any = db.session.connection().connection.dbapi_connection
    dump = "\n".join(raw.iterdump())
    assert "王䶮" in dump
    assert "满族独有词" not in dump
    assert "1974.11" not in dump


def test_the_same_roster_twice_changes_nothing(any_database: str, street: dict[str, int]) -> None:
    rows = [
        member("王䶮", values={"手机号码": "19900000001", "党内职务": "党支部书记"}),
        member("阿依古丽・买买提"),
        member("丁芳", values={"出生年月": "1964.12", "手机号码": "19900000002"}),
        member("丁芳", values={"出生年月": "1990.07", "手机号码": "19900000003"}),
        member("无手机"),
        member("王五", "没有的支部"),
    ]
    assert str(imported(*rows).counts) == "created 5, changed 0, unchanged 0, refused 1"
    before = db.session.execute(select(Person.id, Person.version)).all()
    again = imported(*rows)
    assert str(again.counts) == "created 0, changed 0, unchanged 5, refused 1"
    assert db.session.execute(select(Person.id, Person.version)).all() == before


def test_people_are_found_by_name_pinyin_initials_and_the_end_of_the_phone(
    any_database: str, street: dict[str, int]
) -> None:
    imported(
        member("单雄信", values={"手机号码": "19912345678"}),
        member("阿依古丽・买买提", values={"手机号码": "19987654321"}),
        member("王䶮"),
    )

    def found(typed: str) -> list[str]:
        return list(db.session.scalars(select(Person.name).where(queries.matches(typed))))

    assert found("sxx") == ["单雄信"]
    assert found("shanx") == ["单雄信"]
    assert found("雄信") == ["单雄信"]
    assert found("5678") == ["单雄信"]
    assert found("1991") == []
    assert found("阿依古丽·买") == ["阿依古丽·买买提"]
    assert found("阿依古丽•买") == ["阿依古丽·买买提"]
    assert found("4321") == ["阿依古丽·买买提"]
    assert found("wy") == ["王䶮"]


# ------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("values", "column", "reason"),
    [
        ({"姓名": None}, "B列“姓名”", "没有姓名"),
        ({"姓名": "张3"}, "B列“姓名”", "姓名中有不应出现的字符“3”"),
        ({"姓名": "=1+1"}, "B列“姓名”", "这一格是公式，请改成值（复制后“选择性粘贴—数值”）"),
        ({"性别": "其他"}, "C列“性别”", "“其他”不是男或女"),
        ({"出生年月": "1850.1"}, "E列“出生年月”", "出生年份“1850”不在 1900 年到今年之间"),
        ({"所在党组织": None}, "F列“所在党组织”", "没有写所在党组织"),
        (
            {"所在党组织": "汕头路社区第一支部"},
            "F列“所在党组织”",
            f"没有“汕头路社区第一支部”这个组织，是不是“{BRANCH_ONE}”？",
        ),
        (
            {"所在党组织": "汕头路社区第九党支部"},
            "F列“所在党组织”",
            "没有“汕头路社区第九党支部”这个组织",
        ),
        ({"党内职务": "委" * 41}, "G列“党内职务”", "一个职务最多 40 个字"),
        ({"入党时间": "2014.2.30"}, "H列“入党时间”", "没有“2014.2.30”这一天"),
        ({"手机号码": "1990000000"}, "I列“手机号码”", "“1990000000”有 10 位，手机号码应为 11 位"),
        ({"工作单位及职务": "@SUM(A1)"}, "J列“工作单位及职务”", "以“@”开头，像是公式，没有读取"),
        ({"备注": "长" * 10_000}, "K列“备注”", "有 10000 个字，最多 200 个字"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_cell_that_cannot_be_refuses_its_row_and_no_other(
    street: dict[str, int], values: dict[str, Any], column: str, reason: str
) -> None:
    plan = imported(member("王䶮", values=values), member("李好"))
    assert reasons(plan) == [(4, column, reason)]
    assert [planned.title for planned in plan.created] == ["李好"]


def test_a_row_with_two_faults_is_one_refused_row_with_two_reasons(
    street: dict[str, int],
) -> None:
    plan = imported(member("王䶮", values={"入党时间": "明年", "手机号码": "1"}))
    assert len(plan.refusals) == 2
    assert plan.counts.refused == 1


def test_repeated_rows_are_refused_with_the_row_they_repeat(street: dict[str, int]) -> None:
    plan = imported(
        member("王䶮", values={"手机号码": "19900000001"}),
        member("王 䶮", values={"手机号码": "199-0000-0001", "备注": "又一次"}),
        member("王䶮", BRANCH_TWO, values={"手机号码": "19900000001"}),
        member("赵㛃"),
        member("赵㛃", values={"手机号码": "19900000009"}),
    )
    assert reasons(plan) == [
        (5, "B列“姓名”", "与第 4 行重复"),
        (6, "B列“姓名”", "与第 4 行是同一个人（姓名、手机相同），所在党组织却不同"),
        (8, "B列“姓名”", "与第 7 行重复"),
    ]


def test_two_people_of_one_name_in_one_branch_are_two(street: dict[str, int]) -> None:
    plan = imported(
        member("丁芳", values={"出生年月": "1964.12", "手机号码": "19900000002"}),
        member("丁芳", values={"出生年月": "1964.12", "手机号码": "19900000003"}),
        member("丁芳", values={"出生年月": "1990.07"}),
    )
    assert len(plan.created) == 3


def test_a_namesake_that_cannot_be_told_apart_is_refused(street: dict[str, int]) -> None:
    imported(
        member("丁芳", values={"手机号码": "19900000002"}),
        member("丁芳", values={"手机号码": "19900000003"}),
    )
    plan = imported(member("丁芳"))
    assert "分不清是哪一位" in reasons(plan)[0][2]


def test_a_corrected_name_does_not_make_a_second_person(
    any_database: str, street: dict[str, int]
) -> None:
    imported(member("王龑", values={"手机号码": "19900000001"}))
    plan = imported(
        member("王䶮", values={"手机号码": "19900000001"}),
        member("王小䶮", values={"手机号码": "19900000001", "出生年月": "2001.3"}),
    )
    assert reasons(plan) == [
        (
            4,
            "B列“姓名”",
            "手机、出生年份、入党时间都与“王龑”相同；如果是改名，请先在人员页修改姓名",
        )
    ]
    assert [planned.title for planned in plan.created] == ["王小䶮"]  # a child's phone is shared


def test_the_dead_are_not_brought_back_by_an_old_roster(street: dict[str, int]) -> None:
    imported(member("王䶮", values={"手机号码": "19900000001"}))
    (membership,) = memberships("王䶮")
    membership.valid_to, membership.end_reason = clock.today(), EndReason.DECEASED
    db.session.commit()
    plan = imported(member("王䶮", values={"手机号码": "19900000001"}))
    assert [reason for _row, _column, reason in reasons(plan)] == ["此人已登记为去世"]


def test_if_writing_fails_nothing_at_all_is_there(
    street: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(OSError, match="disk full"):
        imported(member("王䶮"), member("赵㛃"))
    assert db.session.scalars(select(Person)).all() == []
    assert db.session.scalars(select(PersonKey)).all() == []


# ------------------------------------------------------------------ changes


def test_another_branch_ends_the_old_relation_and_opens_a_new_one(
    any_database: str, street: dict[str, int]
) -> None:
    row = {"手机号码": "19900000001", "党内职务": "组织委员"}
    imported(member("王䶮", BRANCH_ONE, values=row))
    plan = imported(member("王䶮", BRANCH_TWO, values={**row, "党内职务": "宣传委员"}))
    assert differences(plan) == [
        ("所在党组织", BRANCH_ONE, BRANCH_TWO),
        ("党内职务", "组织委员", "宣传委员"),
    ]
    today = clock.today()
    old, new = memberships("王䶮")
    assert (old.organisation_id, old.valid_to) == (street[BRANCH_ONE], today - YESTERDAY)
    assert old.end_reason == EndReason.TRANSFERRED
    assert (new.organisation_id, new.valid_from) == (street[BRANCH_TWO], today)
    assert new.valid_to is None
    assert posts("王䶮") == [
        ("组织委员", None, today - YESTERDAY),
        ("宣传委员", today, None),
    ]
    again = imported(member("王䶮", BRANCH_TWO, values={**row, "党内职务": "宣传委员"}))
    assert again.unchanged == 1


def test_a_branch_set_right_on_the_same_day_leaves_no_false_history(
    street: dict[str, int],
) -> None:
    imported(member("甲甲"))
    imported(member("王䶮", BRANCH_ONE, values={"手机号码": "19900000001"}))  # dated today
    imported(member("王䶮", BRANCH_TWO, values={"手机号码": "19900000001"}))
    (only,) = memberships("王䶮")
    assert (only.organisation_id, only.valid_from) == (street[BRANCH_TWO], clock.today())


def noted(name: str, *spans: tuple[int, date | None, date | None]) -> None:
    """Note primary relations that end or begin on days to come: branch, first and last day."""
    who = person(name).id
    db.session.execute(delete(Membership).where(Membership.person_id == who))
    db.session.add_all(
        Membership(person_id=who, organisation_id=branch, valid_from=first, valid_to=last)
        for branch, first, last in spans
    )
    db.session.commit()


PHONE = {"手机号码": "19900000001"}


def test_nobody_is_moved_whose_relation_is_noted_to_end_on_a_day_to_come(
    any_database: str, street: dict[str, int]
) -> None:
    imported(member("王䶮", values=PHONE))
    last = clock.today() + 30 * YESTERDAY
    noted("王䶮", (street[BRANCH_ONE], None, last))
    plan = imported(member("王䶮", BRANCH_TWO, values=PHONE))
    ((_, column, reason),) = reasons(plan)
    assert "所在党组织" in column
    assert reason == (
        f"此人在“{BRANCH_ONE}”的组织关系到{last.year}年{last.month}月{last.day}日为止，"
        "请在那以后再导入"
    )
    assert imported(member("王䶮", BRANCH_ONE, values=PHONE)).unchanged == 1
    (only,) = memberships("王䶮")
    assert (only.organisation_id, only.valid_to) == (street[BRANCH_ONE], last)


def test_nobody_is_moved_who_is_noted_to_be_transferred_on_a_day_to_come(
    any_database: str, street: dict[str, int]
) -> None:
    imported(member("王䶮", values=PHONE))
    day = clock.today() + 30 * YESTERDAY
    noted(
        "王䶮",
        (street[BRANCH_ONE], None, day - YESTERDAY),
        (street[BRANCH_TWO], day, None),
    )
    before = [(one.id, one.valid_from, one.valid_to) for one in memberships("王䶮")]
    for branch in (BRANCH_TWO, BRANCH_FAR):
        ((_, _column, reason),) = reasons(imported(member("王䶮", branch, values=PHONE)))
        assert reason.endswith(f"日起在“{BRANCH_TWO}”，请到那天以后再导入")
    no_phone = {"手机号码": None, "入党时间": None}
    assert imported(member("王䶮", BRANCH_TWO, values=no_phone)).counts.refused == 1, "no double"
    assert imported(member("王䶮", BRANCH_ONE, values=PHONE)).unchanged == 1
    assert [(one.id, one.valid_from, one.valid_to) for one in memberships("王䶮")] == before


def test_a_post_taken_up_before_the_relation_ends_ends_with_it(street: dict[str, int]) -> None:
    imported(member("王䶮", values={**PHONE, "党内职务": "组织委员"}))
    last = clock.today() + 30 * YESTERDAY
    noted("王䶮", (street[BRANCH_ONE], None, last))
    imported(member("王䶮", values={**PHONE, "党内职务": "组织委员、宣传委员"}))
    assert posts("王䶮") == [("组织委员", None, None), ("宣传委员", clock.today(), last)]


def test_a_transfer_entered_meanwhile_is_waited_for(
    any_database: str, street: dict[str, int]
) -> None:
    """On PostgreSQL a page and an import meet on the person's row; on SQLite at the door."""
    imported(member("王䶮", values=PHONE))
    who = person("王䶮").id
    db.session.rollback()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    plans: list[People] = []

    def another() -> None:
        with app.app_context():
            plans.append(imported(member("王䶮", BRANCH_FAR, values=PHONE)))
            db.session.remove()

    importing = threading.Thread(target=another)
    with write_transaction():
        moving = person_to_change(who)
        importing.start()
        until_somebody_waits()
        relations.transfer(
            person=moving,
            membership_id=moving.memberships[0].id,
            to=queries.organisation(street[BRANCH_TWO]),
            day=clock.today(),
            actor=moving,
        )
    importing.join(30)
    (plan,) = plans
    assert ("所在党组织", BRANCH_TWO, BRANCH_FAR) in differences(plan)
    assert [one.organisation_id for one in memberships("王䶮") if one.valid_to is None] == [
        street[BRANCH_FAR]
    ]


def test_whoever_joins_a_branch_later_belongs_to_it_from_today(street: dict[str, int]) -> None:
    imported(member("甲甲"))
    imported(member("甲甲"), member("乙乙"))
    assert memberships("甲甲")[0].valid_from is None
    assert memberships("乙乙")[0].valid_from == clock.today()


def test_a_new_phone_is_taken_and_found(any_database: str, street: dict[str, int]) -> None:
    imported(member("王䶮", values={"手机号码": "19900001111"}))
    plan = imported(member("王䶮", values={"手机号码": "19900002222"}))
    assert differences(plan) == [("手机号码", "199****1111", "199****2222")]
    assert person("王䶮").phone == "19900002222"
    found = select(Person.name).where(queries.matches("2222"))
    assert db.session.scalars(found).all() == ["王䶮"]
    assert db.session.scalars(select(Person.id).where(queries.matches("1111"))).all() == []


def test_an_empty_cell_leaves_what_is_known(street: dict[str, int]) -> None:
    imported(member("王䶮", values={"手机号码": "19900000001", "备注": "由家属代为报名"}))
    empty = dict.fromkeys(["性别", "出生年月", "入党时间", "备注", "工作单位及职务"])
    plan = imported(member("王䶮", values={"手机号码": "19900000001", **empty}))
    assert plan.unchanged == 1


def test_an_empty_post_ends_the_posts_held_in_the_branch(street: dict[str, int]) -> None:
    imported(member("王䶮", values={"党内职务": "组织委员"}))
    plan = imported(member("王䶮"))
    assert differences(plan) == [("党内职务", "组织委员", "无")]
    assert posts("王䶮") == [("组织委员", None, clock.today() - YESTERDAY)]


def test_without_a_column_of_posts_posts_stay(street: dict[str, int]) -> None:
    imported(member("王䶮", values={"党内职务": "组织委员"}))
    plan = imported_file(workbook(("姓名", "所在党组织"), ("王䶮", BRANCH_ONE)))
    assert plan.unchanged == 1
    moved = imported_file(
        workbook(
            ("姓名", "所在党组织", "出生年月", "入党时间"), ("王䶮", BRANCH_TWO, 1974, "2014.06")
        )
    )
    assert ("党内职务", "组织委员", "无") in differences(moved)


def test_a_corrected_year_and_gender_are_changes(street: dict[str, int]) -> None:
    imported(member("王䶮", values={"手机号码": "19900000001"}))
    plan = imported(
        member(
            "王䶮",
            values={
                "手机号码": "19900000001",
                "出生年月": "1975.1",
                "性别": "男",
                "入党时间": "2015.06",
            },
        )
    )
    assert differences(plan) == [
        ("性别", "女", "男"),
        ("出生年份", "1974", "1975"),
        ("入党时间", "2014年6月1日", "2015年6月1日"),
    ]
    assert person("王䶮").version == 2


def test_a_guest_with_the_same_phone_becomes_a_member(street: dict[str, int]) -> None:
    factories.person("王䶮", phone="19900000001", kind=PersonKind.GUEST)
    factories.commit()
    plan = imported(member("王䶮", values={"手机号码": "19900000001"}))
    assert ("身份", "来宾", "党员") in differences(plan)
    assert ("所在党组织", "无", BRANCH_ONE) in differences(plan)
    assert person("王䶮").kind == PersonKind.MEMBER


def test_a_code_column_says_the_branch_too(street: dict[str, int]) -> None:
    plan = imported_file(
        workbook(
            ("姓名", "组织编码"),
            ("王䶮", "ZHL-02-01"),
            ("赵㛃", "NO"),
            ("李四", None),
            ("王五", "ZHL"),
        )
    )
    assert [planned.row.organisation_name for planned in plan.created] == [
        BRANCH_FAR,
        "珠海路街道党工委",
    ]
    assert [reason for _row, _column, reason in reasons(plan)] == [
        "没有编码为“NO”的组织",
        "没有写所在党组织",
    ]


# ------------------------------------------------------------------ scope and scale


def test_outside_the_own_subtree_rows_are_refused(street: dict[str, int]) -> None:
    imported(member("别人", BRANCH_FAR, values={"手机号码": "19900000007"}))
    plan = imported(
        member("王䶮"),
        member("赵㛃", BRANCH_FAR),
        member("别人", BRANCH_ONE, values={"手机号码": "19900000007"}),
        roots=("/ZHL/ZHL-01/",),
    )
    assert [planned.title for planned in plan.created] == ["王䶮"]
    assert [(row, reason) for row, _column, reason in reasons(plan)] == [
        (5, f"“{BRANCH_FAR}”不在您管理的组织范围内"),
        (6, f"此人现在“{BRANCH_FAR}”，请由原组织或街道办理转接"),
    ]


def test_five_hundred_people_cost_as_many_statements_as_five(
    any_database: str, street: dict[str, int]
) -> None:
    def statements(count: int, start: int) -> int:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            # SQLite cannot promise the order of many ids, so persons go in one by one there.
            if any_database != "sqlite" or not statement.startswith("INSERT INTO person "):
                seen.append(statement)

        digits = "零一二三四五六七八九"
        rows = [
            member(
                "测" + "".join(digits[int(d)] for d in str(number)),
                values={"手机号码": str(19_900_000_000 + number)},
            )
            for number in range(start, start + count)
        ]
        sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
        try:
            imported(*rows)
        finally:
            sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    few, many = statements(5, 1000), statements(500, 2000)
    assert many <= few + 6  # many rows are sent in pages of a thousand


def test_an_import_leaves_one_audit_entry_without_a_name(street: dict[str, int]) -> None:
    imported(member("王䶮"), member("赵㛃"), member("王五", "没有"))
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "people.imported"
    assert '"created": 2' in entry.details
    assert '"refused": 1' in entry.details
    assert "王䶮" not in entry.details
    assert services.file_facts("", b"").sha256[:8] == "e3b0c442"
