"""Organisations: created, moved, renamed; circles and orphans refused; twice changes nothing."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal import clock
from portal.audit.models import AuditEntry
from portal.database import db, write_transaction
from portal.people.imports.organisation_rows import Organisations
from portal.people.imports.services import (
    file_facts,
    import_organisations,
    preview_organisations,
    read_organisations,
)
from portal.people.models import Organisation, OrganisationKind, OrganisationName, Tree
from tests.people.imports.sheets import ORGANISATION_HEADER, workbook

STREET = ("ZHL", "珠海路街道党工委", "sub_district", None)
COMMUNITY = ("ZHL-01", "汕头路社区党委", "community", "ZHL")
BRANCH = ("ZHL-01-01", "汕头路社区第一党支部", "branch", "ZHL-01")
GROUP = ("ZHL-01-01-1", "汕头路社区第一党支部第1党小组", "group", "ZHL-01-01")


def table_of(*rows, header=ORGANISATION_HEADER) -> bytes:
    return workbook(header, *rows)


def imported(*rows, header=ORGANISATION_HEADER, roots=None) -> Organisations:
    content = table_of(*rows, header=header)
    with write_transaction():
        return import_organisations(
            read_organisations(content),
            file=file_facts("组织.xlsx", content),
            actor=None,
            roots=roots,
        )


def organisation(code: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.code == code)).one()


def reasons(plan: Organisations) -> dict[int, str]:
    return {refusal.row: refusal.reason for refusal in plan.in_order()}


def test_a_tree_is_created_whatever_the_order_of_its_rows(any_database: str, app: Flask) -> None:
    plan = imported(GROUP, BRANCH, COMMUNITY, STREET)
    assert str(plan.counts) == "created 4, changed 0, unchanged 0, refused 0"
    group = organisation("ZHL-01-01-1")
    assert group.path == "/ZHL/ZHL-01/ZHL-01-01/ZHL-01-01-1/"
    assert group.kind == OrganisationKind.GROUP
    assert group.parent_id == organisation("ZHL-01-01").id


def test_the_same_table_twice_changes_nothing(any_database: str, app: Flask) -> None:
    imported(STREET, COMMUNITY, BRANCH)
    versions = db.session.scalars(select(Organisation.version)).all()
    plan = imported(STREET, COMMUNITY, BRANCH)
    assert str(plan.counts) == "created 0, changed 0, unchanged 3, refused 0"
    assert db.session.scalars(select(Organisation.version)).all() == versions


def test_kinds_are_read_in_chinese_and_from_names(app: Flask) -> None:
    plan = imported(
        ("A", "某街道党工委", "街道党工委", None),
        ("B", "某社区党委", "社区党委", "A"),
        ("C", "某社区第一党支部", None, "B"),
        ("D", "某社区第一党支部第1党小组", "小组", "C"),
        ("E", "第三网格", "网格", "B"),
        ("F", "某公司", "单位", None),
        ("G", "某某", "神秘", "A"),
    )
    assert {row.code: row.kind.value for row in plan.created} == {
        "A": "sub_district",
        "B": "community",
        "C": "branch",
        "D": "group",
        "E": "grid",
        "F": "unit",
    }
    assert "看不出是哪一类组织" in reasons(plan)[8]
    assert organisation("E").tree == Tree.GRID


def test_a_new_name_keeps_the_old_one_with_its_last_day(any_database: str, app: Flask) -> None:
    imported(STREET, COMMUNITY)
    plan = imported(STREET, ("ZHL-01", "汕头路社区党总支", "community", "ZHL"))
    (change,) = plan.changed
    assert [(d.label, d.old, d.new) for d in change.differences] == [
        ("组织名称", "汕头路社区党委", "汕头路社区党总支"),
        ("组织简称", "汕头路社区党委", "汕头路社区党总支"),
    ]
    former = db.session.scalars(select(OrganisationName)).one()
    assert (former.name, former.valid_to) == ("汕头路社区党委", clock.today() - timedelta(days=1))
    assert organisation("ZHL-01").name == "汕头路社区党总支"


def test_a_moved_branch_takes_its_groups_along(any_database: str, app: Flask) -> None:
    imported(STREET, COMMUNITY, BRANCH, GROUP, ("ZHL-02", "海口路社区党委", "community", "ZHL"))
    plan = imported(("ZHL-01-01", "汕头路社区第一党支部", "branch", "ZHL-02"))
    assert plan.changed[0].differences[0].label == "上级组织编码"
    assert organisation("ZHL-01-01-1").path == "/ZHL/ZHL-02/ZHL-01-01/ZHL-01-01-1/"


def test_circles_are_refused_and_the_rest_is_taken(app: Flask) -> None:
    plan = imported(
        STREET,
        ("X", "甲社区党委", "unit", "Y"),
        ("Y", "乙社区党委", "unit", "Z"),
        ("Z", "丙社区党委", "unit", "X"),
        ("S", "丁社区党委", "unit", "S"),
        ("W", "戊社区党委", "unit", "X"),
    )
    assert reasons(plan)[3] == "上级组织绕成了一圈：X → Y → Z → X"
    assert reasons(plan)[6] == "上级组织绕成了一圈：S → S"
    assert reasons(plan)[7] == "上级组织“X”那一行没有被接受"
    assert str(plan.counts) == "created 1, changed 0, unchanged 0, refused 5"


def test_moving_an_organisation_below_itself_is_a_circle(app: Flask) -> None:
    imported(STREET, COMMUNITY, ("U", "甲单位", "unit", "ZHL-01"), ("V", "乙单位", "unit", "U"))
    plan = imported(("U", "甲单位", "unit", "V"), ("N", "丙单位", "unit", "U"))
    assert "绕成了一圈" in reasons(plan)[2]
    assert [row.code for row in plan.created] == ["N"]
    assert organisation("N").path == "/ZHL/ZHL-01/U/N/"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("A", "某支部", "branch", "NO"), "没有编码为“NO”的上级组织"),
        (("A", "某支部", "branch", None), "没有写上级组织（党支部必须有上级）"),
        (("A", "某社区党委", "community", "ZHL-01-01"), "“党支部”不能是“社区党委”的上级"),
        ((None, "某支部", "branch", "ZHL-01"), "没有组织编码"),
        (("A", None, "branch", "ZHL-01"), "没有组织名称"),
        (("A/B", "某支部", "branch", "ZHL-01"), "编码“A/B”里只能有文字、数字、点和短横"),
        (("A", "=1+1", "branch", "ZHL-01"), "这一格是公式，请改成值（复制后“选择性粘贴—数值”）"),
        (("A", "长" * 81, "branch", "ZHL-01"), "有 81 个字，最多 80 个字"),
        (("ZHL-01", "又一个", "community", "ZHL"), "与第 3 行的组织编码“ZHL-01”重复"),
        (("A", "汕头路社区第一党支部", "branch", "ZHL-01"), "与第 4 行同名，上级也相同"),
        (("C" * 41, "某支部", "branch", "ZHL-01"), "有 41 个字，最多 40 个字"),
    ],
    ids=repr,
)
def test_a_row_that_cannot_be_is_refused_with_its_reason(app: Flask, row, reason: str) -> None:
    plan = imported(STREET, COMMUNITY, BRANCH, row)
    assert reasons(plan) == {5: reason}
    assert len(plan.created) == 3


def test_a_tree_too_deep_is_refused(app: Flask) -> None:
    rows = [("U" * 39 + str(n), f"单位{n}", "unit", "U" * 39 + str(n - 1)) for n in range(1, 10)]
    plan = imported(("U" * 39 + "0", "单位0", "unit", None), *rows)
    assert "层级太多" in reasons(plan).values()


def test_the_parent_may_be_named_instead_of_coded(app: Flask) -> None:
    header = ("组织编码", "组织名称", "上级组织")
    plan = imported(
        ("A", "某街道党工委", None),
        ("B", "某社区党委", "某街道党工委"),
        ("C", "某社区第一党支部", "没有的"),
        header=header,
    )
    assert [row.parent_code for row in plan.created] == [None, "A"]
    assert reasons(plan) == {4: "没有“没有的”这个上级组织"}


def test_of_two_parents_with_one_name_the_code_is_asked_for(app: Flask) -> None:
    imported(STREET, ("A", "同名单位", "unit", None), ("B", "同名单位", "unit", "ZHL"))
    header = ("组织编码", "组织名称", "类型", "上级组织")
    plan = imported(("C", "某单位", "unit", "同名单位"), header=header)
    assert "有几个组织都叫“同名单位”" in reasons(plan)[2]


def test_without_columns_of_kind_and_parent_both_stay_as_they_are(app: Flask) -> None:
    imported(STREET, COMMUNITY, ("ZHL-09", "某某", "branch", "ZHL-01"))
    plan = imported(("ZHL-09", "某某某"), header=("组织编码", "组织名称"))
    assert [d.label for d in plan.changed[0].differences] == ["组织名称", "组织简称"]
    assert organisation("ZHL-09").path == "/ZHL/ZHL-01/ZHL-09/"


def test_outside_the_own_subtree_nothing_is_touched(app: Flask) -> None:
    imported(STREET, COMMUNITY, BRANCH, ("ZHL-02", "海口路社区党委", "community", "ZHL"))
    plan = imported(
        ("ZHL-01-02", "汕头路社区第二党支部", "branch", "ZHL-01"),
        ("ZHL-02", "改名", "community", "ZHL"),
        ("ZHL-02-01", "海口路社区第一党支部", "branch", "ZHL-02"),
        ("ZHL-01-01", "汕头路社区第一党支部", "branch", "ZHL-02"),
        ("NEW", "另一个街道党工委", "sub_district", None),
        roots=("/ZHL/ZHL-01/",),
    )
    assert [row.code for row in plan.created] == ["ZHL-01-02"]
    assert set(reasons(plan)) == {3, 4, 5, 6}
    assert set(reasons(plan).values()) == {"不在您管理的组织范围内"}


def test_an_import_leaves_one_audit_entry_with_counts_and_hash(app: Flask) -> None:
    imported(STREET, COMMUNITY)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "organisations.imported"
    assert '"created": 2' in entry.details
    assert file_facts("", table_of(STREET, COMMUNITY)).sha256[:4]
    assert '"file": "组织.xlsx"' in entry.details


def test_a_preview_writes_nothing(app: Flask) -> None:
    plan = preview_organisations(read_organisations(table_of(STREET)))
    assert len(plan.created) == 1
    assert db.session.scalars(select(Organisation)).all() == []


def test_an_organisation_with_an_end_is_still_known_by_its_code(app: Flask) -> None:
    imported(STREET, COMMUNITY)
    organisation("ZHL-01").valid_to = date(2020, 1, 1)
    db.session.commit()
    assert imported(STREET, COMMUNITY).unchanged == 2
