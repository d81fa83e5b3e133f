"""Everything the portal keeps of one person, as the file that the person may take along."""

from datetime import date, datetime
from typing import Any

from portal import clock
from portal.attendance import queries as attendance
from portal.bookings.models import CONTACT_KEPT
from portal.cases import queries as cases
from portal.doors import queries as doors
from portal.feedback import queries as feedback
from portal.home import queries
from portal.hours import queries as hours
from portal.leaves import queries as leaves
from portal.leaves.models import REASONS_KEPT
from portal.people.models import Account, Person


def of(person: Person, account: Account) -> dict[str, Any]:
    """Return it under Chinese names, so that its owner can read it too.

    `person` comes with memberships, posts and grants. No hash, token or key is in it.
    """
    return {
        "导出时间": _moment(clock.now()),
        "本人": {
            "姓名": person.name,
            "类别": person.kind.label,
            "性别": person.gender.label if person.gender else None,
            "出生年份": person.birth_year,
            "入党时间": _day(person.joined_on),
            "手机号码": person.phone or None,
            "工作单位": person.work_unit or None,
            "职务": person.post or None,
            "职级": person.rank or None,
            "备注": person.note or None,
            "免参加组织生活": person.is_exempt,
        },
        "免予参加组织生活的经过": [
            {"原因": one.reason.label, "自": _day(one.since), "至": _day(one.until)}
            for one in person.exemptions
            if not one.is_mistaken
        ],
        "组织关系": [
            {
                "组织": one.organisation.name,
                "关系": one.kind.label,
                "自": _day(one.valid_from),
                "至": _day(one.valid_to),
            }
            for one in person.memberships
        ],
        "党内职务": [
            {
                "组织": post.organisation.name,
                "职务": post.title,
                "自": _day(post.valid_from),
                "至": _day(post.valid_to),
            }
            for post in person.posts
        ],
        "角色": [
            {
                "角色": grant.role.label,
                "范围": grant.organisation.name if grant.organisation else None,
                "自": _day(grant.valid_from),
                "至": _day(grant.valid_to),
            }
            for grant in person.grants
        ],
        "账号": {
            "用户名": account.username,
            "建立时间": _moment(account.created_at),
            "密码修改时间": _moment(account.password_changed_at),
            "字号": account.care_level,
            "已开通日历订阅": account.calendar_token is not None,
        },
        "登录记录": [
            {
                "登录时间": _moment(one.created_at),
                "退出时间": _moment(one.ended_at),
                "地址": one.address,
                "浏览器": one.browser,
            }
            for one in queries.sessions_of(account)
        ],
        "报名": [
            {
                "活动": one.event.title,
                "活动时间": _moment(one.event.starts_at),
                "状态": one.status.label,
                "报名时间": _moment(one.created_at),
                "取消时间": _moment(one.cancelled_at),
                "取消原因": one.cancel_reason or None,
            }
            for one in queries.signups_of(person)
        ],
        "邀请": [
            {"活动": title, "邀请时间": _moment(at)} for title, at in queries.invitations_of(person)
        ],
        "参加记录": [
            {
                "活动": row.title,
                "活动时间": _moment(row.starts_at),
                "状态": row.status.label,
                "名册已确认": row.is_confirmed,
            }
            for row in queries.attended(person)
        ],
        "门口签到": [
            {
                "活动": title,
                "时间": _moment(scan.reported_at),
                "方式": scan.method.label,
                "设备": scan.device or None,
                "结果": scan.outcome.label,
            }
            for scan, title in attendance.scans_of(person)
        ],
        "签到凭证": [
            {
                "类型": one.kind.label,
                "发放时间": _moment(one.issued_at),
                "到期日": _day(one.expires_on),
                "停用时间": _moment(one.revoked_at),
            }
            for one in doors.passes_ever(person.id)
        ],
        "学时": [
            {
                "年度": entry.year,
                "日期": _day(entry.day),
                "活动或培训": entry.title,
                "学时": entry.hours,
                "已确认": entry.is_confirmed,
                "怎么算的": entry.words,
            }
            for entries in hours.entries_of(person).values()
            for entry in entries
        ],
        "其他培训": [
            {
                "名称": one.title,
                "举办单位": one.organiser,
                "文号": one.document_no or None,
                "自": _day(one.starts_on),
                "至": _day(one.ends_on),
                "多长": one.length,
                "状态": one.state.label,
                "处理意见": one.decision_note or None,
            }
            for one in hours.all_trainings_of(person)
        ],
        "学时证明": [
            {
                "编号": one.number,
                "年度": one.year,
                "学时": one.hours,
                "出具时间": _moment(one.issued_at),
            }
            for one in hours.certificates_of(person)
        ],
        "请假": [
            {
                "活动": one.event.title,
                "活动时间": _moment(one.event.starts_at),
                "哪种假": one.kind.label,
                "事由": one.reason or None,
                "提出时间": _moment(one.requested_at),
                "状态": one.state.label,
                "处理意见": one.decision_note or None,
                "事由删除时间": _moment(one.event.ends_at + REASONS_KEPT),
            }
            for one in leaves.requests_by(person)
        ],
        "补课": [
            {
                "活动": one.event.title,
                "方式": one.method.label,
                "日期": _day(one.made_on),
                "学时": one.hours or None,
                "凭据": one.proof or None,
                "凭据文件": one.material.filename if one.material else None,
            }
            for one in leaves.made_up_by(person)
        ],
        "练习": [
            {
                "练习": one.exercise,
                "活动": one.event,
                "开始填写": _moment(one.started_at),
                "提交时间": _moment(one.handed_in_at),
                "填写内容删除日": _day(one.forgotten_on),
            }
            for one in queries.exercise_entries_of(person)
        ],
        "参观预约": [
            {
                "示范点": one.site.name,
                "时间": _moment(one.starts_at),
                "来访单位": one.unit,
                "人数": one.party_size,
                "目的": one.purpose,
                "状态": one.phase(clock.now()).label,
                "联系人": one.contact_name or None,
                "联系电话": one.contact_phone or None,
                "备注": one.note or None,
                "联系方式删除时间": _moment(one.ends_at + CONTACT_KEPT),
            }
            for one in queries.visits_asked_by(person)
        ],
        "会上的发言": [
            {
                "时间": _moment(one.written_at),
                "类别": one.kind.label,
                "原话": one.text,
                "更正补充": [
                    {"时间": _moment(added.written_at), "内容": added.text}
                    for added in one.supplements
                ],
            }
            for one in queries.statements_of(person)
        ],
        "反映的问题建议": [
            {
                "编号": one.number,
                "登记时间": _moment(one.opened_at),
                "类别": one.kind.label,
                "原话": one.words,
                "地点": one.place or None,
                "登记的称呼": one.asker_name or None,
                "登记的电话": one.asker_phone or None,
                "状态": one.phase(clock.now()).label,
                "结果": one.outcome or None,
                "公开范围": one.openness.label,
            }
            for one in queries.cases_asked_by(person)
        ],
        "保存的问题建议查找条件": [one.name for one in cases.saved_filters(person)],
        "填过反馈的活动（问卷截止后不再记录）": list(feedback.answered_by(person)),
    }


def _moment(moment: datetime | None) -> str | None:
    return clock.local(moment).isoformat(timespec="seconds") if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
