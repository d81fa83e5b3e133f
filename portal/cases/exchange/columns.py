"""The columns of a list of cases, and every header that names one of them."""

from enum import StrEnum

from portal.people.imports.fields import Field


class CaseField(StrEnum):
    """What is taken of a row."""

    UPSTREAM = "upstream"
    WORDS = "words"
    KIND = "kind"
    CATEGORY = "category"
    ORGANISATION = "organisation"
    PLACE = "place"
    ASKER_NAME = "asker_name"
    ASKER_PHONE = "asker_phone"
    OPENED_ON = "opened_on"
    DUE_ON = "due_on"

    @property
    def label(self) -> str:
        """Chinese name of the column, as the export writes it."""
        return {
            "upstream": "工单编号",
            "words": "诉求内容",
            "kind": "诉求类型",
            "category": "事项分类",
            "organisation": "所属社区",
            "place": "诉求地点",
            "asker_name": "诉求人",
            "asker_phone": "联系电话",
            "opened_on": "派单日期",
            "due_on": "办理期限",
        }[self.value]


HEADERS: dict[Field, tuple[str, ...]] = {
    CaseField.UPSTREAM: (
        *("工单编号", "工单号", "热线工单号", "受理编号", "来电编号", "事件编号", "上游编号"),
        *("办件编号", "诉求编号", "单号"),
    ),
    CaseField.WORDS: ("诉求内容", "来电内容", "反映内容", "问题描述", "诉求描述", "内容", "原话"),
    CaseField.KIND: ("诉求类型", "诉求类别", "来电类型", "工单类型", "类型"),
    CaseField.CATEGORY: ("事项分类", "问题分类", "事项类别", "归口类别", "分类"),
    CaseField.ORGANISATION: (
        *("所属社区", "承办社区", "社区", "所在社区", "责任社区", "承办单位", "主办单位"),
    ),
    CaseField.PLACE: ("诉求地点", "事发地点", "事发地址", "诉求地址", "问题地点", "地点", "地址"),
    CaseField.ASKER_NAME: ("诉求人", "来电人", "来电人姓名", "反映人", "诉求人姓名", "联系人"),
    CaseField.ASKER_PHONE: ("联系电话", "来电号码", "诉求人电话", "联系方式", "手机号码"),
    CaseField.OPENED_ON: ("派单日期", "派单时间", "转办时间", "来电时间", "受理时间", "登记时间"),
    CaseField.DUE_ON: ("办理期限", "办结期限", "截止时间", "要求办结时间", "期限"),
}
REQUIRED: tuple[tuple[Field, ...], ...] = ((CaseField.UPSTREAM,), (CaseField.WORDS,))
