"""The fields that are taken, and every header that names one of them."""

from enum import StrEnum
from typing import Protocol


class PersonField(StrEnum):
    """What is taken of a person."""

    NAME = "name"
    GENDER = "gender"
    BIRTH_YEAR = "birth_year"
    ORGANISATION_CODE = "organisation_code"
    ORGANISATION = "organisation"
    PARTY_POST = "party_post"
    JOINED_ON = "joined_on"
    PHONE = "phone"
    WORK_UNIT = "work_unit"
    POST = "post"
    NOTE = "note"

    @property
    def label(self) -> str:
        """Chinese name of the field."""
        return {
            "name": "姓名",
            "gender": "性别",
            "birth_year": "出生年份",
            "organisation_code": "组织编码",
            "organisation": "所在党组织",
            "party_post": "党内职务",
            "joined_on": "入党时间",
            "phone": "手机号码",
            "work_unit": "工作单位",
            "post": "行政职务",
            "note": "备注",
        }[self.value]


class OrganisationField(StrEnum):
    """What is taken of an organisation."""

    CODE = "code"
    NAME = "name"
    SHORT_NAME = "short_name"
    KIND = "kind"
    PARENT_CODE = "parent_code"
    PARENT_NAME = "parent_name"

    @property
    def label(self) -> str:
        """Chinese name of the field."""
        return {
            "code": "组织编码",
            "name": "组织名称",
            "short_name": "组织简称",
            "kind": "类型",
            "parent_code": "上级组织编码",
            "parent_name": "上级组织",
        }[self.value]


class Field(Protocol):
    """A column that a list can have; other rooms have lists of their own."""

    @property
    def label(self) -> str: ...
    def __hash__(self) -> int: ...


# What a header says, most fitting first: of two columns for one field the earlier wins.
PERSON_HEADERS: dict[Field, tuple[str, ...]] = {
    PersonField.NAME: ("姓名", "党员姓名", "人员姓名", "成员姓名", "名字", "党员"),
    PersonField.GENDER: ("性别", "男女"),
    PersonField.BIRTH_YEAR: (
        "出生年月",
        "出生年份",
        "出生年",
        "出生日期",
        "出生年月日",
        "出生时间",
        "生日",
        "生年",
    ),
    PersonField.ORGANISATION_CODE: (
        "组织编码",
        "党组织编码",
        "所在党组织编码",
        "支部编码",
        "党支部编码",
        "组织代码",
        "党组织代码",
    ),
    PersonField.ORGANISATION: (
        *("所在党组织", "所在党支部", "所在支部", "所属党组织", "所属党支部", "所属支部"),
        *(
            "党支部",
            "支部",
            "党组织",
            "党组织名称",
            "党支部名称",
            "支部名称",
            "组织名称",
            "所在组织",
        ),
        *("组织关系所在党组织", "组织关系所在支部", "组织关系所在党支部", "组织关系", "党小组"),
    ),
    PersonField.PARTY_POST: (
        "党内职务",
        "党内任职",
        "党内职位",
        "支部职务",
        "党支部职务",
        "支委职务",
        "党务职务",
    ),
    PersonField.JOINED_ON: (
        *("入党时间", "入党日期", "入党年月", "入党年月日", "加入党组织日期", "加入党组织时间"),
        *("加入中国共产党时间", "加入中国共产党日期"),
    ),
    PersonField.PHONE: (
        *("手机号码", "手机号", "手机", "移动电话", "联系手机", "本人手机", "联系电话", "联系方式"),
        *("电话号码", "电话", "联系号码"),
    ),
    PersonField.WORK_UNIT: (
        *(
            "工作单位及职务",
            "工作单位和职务",
            "工作单位与职务",
            "单位及职务",
            "单位职务",
            "工作单位职务",
        ),
        *("工作单位", "所在单位", "单位", "单位名称", "从业单位", "工作岗位"),
    ),
    PersonField.POST: ("行政职务", "职务", "工作职务", "现任职务"),
    PersonField.NOTE: ("备注", "备注说明", "说明", "附注"),
}

ORGANISATION_HEADERS: dict[Field, tuple[str, ...]] = {
    OrganisationField.CODE: (
        "组织编码",
        "编码",
        "组织代码",
        "党组织编码",
        "党组织代码",
        "代码",
        "组织编号",
    ),
    OrganisationField.NAME: (
        "组织名称",
        "名称",
        "党组织名称",
        "组织全称",
        "党组织全称",
        "全称",
        "党组织",
        "组织",
    ),
    OrganisationField.SHORT_NAME: ("组织简称", "简称", "党组织简称"),
    OrganisationField.KIND: (
        "类型",
        "组织类型",
        "类别",
        "组织类别",
        "党组织类型",
        "党组织类别",
        "层级",
        "级别",
    ),
    OrganisationField.PARENT_CODE: (
        *("上级组织编码", "上级编码", "上级组织代码", "上级党组织编码", "上级党组织代码"),
        *("上级代码", "父级编码", "隶属组织编码", "上级组织编号"),
    ),
    OrganisationField.PARENT_NAME: (
        *("上级组织", "上级党组织", "上级组织名称", "上级党组织名称", "上级", "隶属组织", "隶属"),
    ),
}

# What the portal must not keep (DOMAIN 3.2): words in the header, and what the reader is told.
DROPPED: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("身份证", "公民身份", "证件号", "证件类型", "护照号", "社保号"),
        "证件信息，门户用不到",
    ),
    (
        ("住址", "地址", "户籍", "户口", "居住地", "楼栋", "门牌", "籍贯", "出生地"),
        "住址、籍贯，门户用不到",
    ),
    (("民族",), "民族，门户用不到"),
    (("工资", "收入", "薪", "党费", "银行", "卡号"), "收入、党费、账户，门户用不到"),
    (("学历", "学位", "文化程度", "毕业", "教育程度"), "学历，门户用不到"),
    (("婚姻", "配偶", "家庭成员", "家属", "子女"), "家庭情况，门户用不到"),
    (("健康", "病", "残疾", "血型", "体检"), "健康情况，敏感个人信息"),
    (("宗教", "信仰"), "宗教信仰，敏感个人信息"),
    (("照片", "相片", "人脸", "指纹"), "照片、生物特征，敏感个人信息"),
    (("微信", "qq", "邮箱", "email"), "其他联系方式，门户用不到"),
    (("困难", "低保", "贫困", "退役", "奖惩", "处分"), "个人情况，门户用不到"),
)
ROW_LABELS = frozenset({"序号", "编号", "序", "no", "行号", "序列号"})
