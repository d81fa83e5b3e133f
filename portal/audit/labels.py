"""What the acts and things of the audit chain are called in Chinese.

One line an act: a room that records a new one adds its name here, and a test fails on an
act that has none.
"""

ACTIONS: dict[str, str] = {
    "account.confirmed": "确认账号",
    "account.created": "开立账号",
    "account.deactivated": "停用账号",
    "account.expiry_set": "设定账号到期日",
    "account.locked": "账号被锁定",
    "account.password_changed": "修改密码",
    "account.password_reset": "重置密码",
    "account.reactivated": "重新启用账号",
    "account.sign_in_refused": "登录失败",
    "account.signed_in": "登录",
    "account.signed_out": "退出",
    "account.unlocked": "解除锁定",
    "attendance.confirmed": "确认名册",
    "attendance.corrected": "更正到场记录",
    "attendance.frozen": "名册定格",
    "attendance.marked": "登记到场",
    "attendance.opened": "打开名册",
    "attendance.rest_present": "其余登记为到场",
    "attendance.signed_in": "扫码签到",
    "attendance.undone": "撤销登记",
    "attendance.unfrozen": "名册解除定格",
    "attendance.walked_in": "未报名到场",
    "audit.exported": "导出审计记录",
    "audit.verified": "核对审计记录链",
    "organisations.imported": "导入组织",
    "people.imported": "导入花名册",
    "calendar.closed": "停用日历订阅",
    "calendar.opened": "开通日历订阅",
    "event.archive": "活动归档",
    "event.cancel": "取消活动",
    "event.create": "新建活动",
    "event.discard": "删除草稿",
    "event.edit": "修改活动",
    "event.end": "结束活动",
    "event.invite": "邀请参加",
    "event.postpone": "活动延期",
    "event.publish": "发布活动",
    "event.record": "活动已登记",
    "event.uninvite": "撤回邀请",
    "messages.chosen": "选择接收的消息",
    "organisation.changed": "修改组织",
    "organisation.closed": "撤销组织",
    "organisation.created": "新建组织",
    "organisation.reopened": "恢复组织",
    "person.changed": "修改人员",
    "person.created": "登记人员",
    "person.exempted": "标记免予参加",
    "person.exemption_lifted": "取消免予参加",
    "person.joined": "登记参加其他组织",
    "person.membership_ended": "结束组织关系",
    "person.phone_shown": "查看完整电话",
    "person.post_added": "登记职务",
    "person.post_ended": "免去职务",
    "person.transferred": "转接组织关系",
    "role.granted": "授予角色",
    "role.withdrawn": "撤销角色",
    "signup.cancel": "取消报名",
    "signup.create": "报名",
    "signup.promote": "候补递补",
    "signup.walk_in": "现场登记",
}

OBJECTS: dict[str, str] = {
    "Account": "账号",
    "AttendanceEntry": "到场记录",
    "AuditEntry": "审计记录",
    "Event": "活动",
    "Membership": "组织关系",
    "Organisation": "组织",
    "Person": "人员",
    "RoleGrant": "授权",
    "Roll": "名册",
    "Signup": "报名",
    "import": "导入文件",
}

DETAILS: dict[str, str] = {
    "absent": "缺席",
    "address": "地址",
    "agenda": "议程",
    "audience": "面向谁",
    "capacity": "人数上限",
    "after": "改后",
    "before": "改前",
    "changed": "更新",
    "changes": "改动",
    "code": "编码",
    "contact": "联系人",
    "come": "来过",
    "count": "条数",
    "created": "新增",
    "day": "日期",
    "due": "应到",
    "ends_at": "结束时间",
    "event": "活动",
    "event_id": "活动",
    "except_people": "除外",
    "fault": "问题",
    "fields": "改动的项目",
    "file": "文件",
    "filters": "筛选条件",
    "from": "原为",
    "host": "主办组织",
    "kind": "类型",
    "leave": "请假",
    "lecturer": "主讲人",
    "mark": "登记编号",
    "minutes": "分钟",
    "name": "名称",
    "note": "提示",
    "now": "改后",
    "off": "不接收",
    "organisation": "组织",
    "over_capacity": "超出名额",
    "parent": "上级",
    "people": "人",
    "person": "人员",
    "person_id": "人员编号",
    "place": "地点",
    "present": "到场",
    "reason": "原因",
    "refused": "未采用",
    "relation": "关系",
    "renamed_on": "改名日期",
    "replaces": "替换旧地址",
    "role": "角色",
    "sha256": "文件指纹",
    "signup_closes_at": "报名截止",
    "signup_opens_at": "报名开始",
    "since": "自",
    "starts_at": "开始时间",
    "status": "状态",
    "summary": "简介",
    "title": "名称",
    "to": "改为",
    "unchanged": "未变",
    "username": "用户名",
    "valid_from": "开始日",
    "valid_to": "结束日",
    "version": "版本",
    "was": "原时间",
    "why": "原因",
}

# Members of closed sets, as details carry them.
VALUES: dict[str, str] = {
    "absent": "缺席",
    "cancelled": "已取消",
    "confirmed": "已报名",
    "due": "应到人员",
    "exempt": "免予参加",
    "expected": "未到",
    "guest": "来宾",
    "invited": "特邀",
    "late": "迟到",
    "leave_personal": "事假",
    "leave_public": "公假",
    "leave_sick": "病假",
    "left_early": "早退",
    "open": "公开报名",
    "present": "到场",
    "waitlisted": "候补",
}


def action_label(action: str) -> str:
    """Return what an act is called; its own name if it has no other."""
    return ACTIONS.get(action, action)


def object_label(object_type: str) -> str:
    """Return what a kind of thing is called."""
    return OBJECTS.get(object_type, object_type)


def detail_label(name: str) -> str:
    """Return what a detail of an act is called."""
    return DETAILS.get(name, name)


def value_label(value: str) -> str:
    """Return what a member of a closed set is called; any other text as it is."""
    return VALUES.get(value, value)
