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
    "audit.exported": "导出审计记录",
    "audit.verified": "核对审计记录链",
    "organisations.imported": "导入组织",
    "people.imported": "导入花名册",
    "role.granted": "授予角色",
    "role.withdrawn": "撤销角色",
}

OBJECTS: dict[str, str] = {
    "Account": "账号",
    "Attendance": "到场记录",
    "AuditEntry": "审计记录",
    "Event": "活动",
    "Membership": "组织关系",
    "Organisation": "组织",
    "Person": "人员",
    "RoleGrant": "授权",
    "Signup": "报名",
    "import": "导入",
}

DETAILS: dict[str, str] = {
    "address": "地址",
    "after": "改后",
    "before": "改前",
    "changed": "改动",
    "count": "条数",
    "created": "新增",
    "fault": "问题",
    "file": "文件",
    "filters": "筛选条件",
    "minutes": "分钟",
    "organisation": "组织",
    "person": "姓名",
    "person_id": "人员编号",
    "reason": "原因",
    "refused": "没有导入",
    "role": "角色",
    "sha256": "文件指纹",
    "unchanged": "没有变化",
    "username": "用户名",
    "valid_from": "开始日",
    "valid_to": "结束日",
    "why": "原因",
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
