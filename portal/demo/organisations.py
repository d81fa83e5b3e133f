"""The organisations of the demo: places are real, how many branches each has is invented."""

import csv
import io

OFFICE = "ZHL"
OFFICE_BRANCH = "ZHL-80"
SHANTOU = "ZHL-01"
HAIKOU = "ZHL-02"
XINJIAZHUANG = "ZHL-03"
AOMEN = "ZHL-04"
RED_PROPERTY = "ZHL-90"
ELDER_CARE = "ZHL-91"

_ORDINALS = "一二三四五"
_COMMUNITIES = [
    (SHANTOU, "汕头路社区", 4),
    (HAIKOU, "海口路社区", 4),
    (XINJIAZHUANG, "辛家庄社区", 3),
    (AOMEN, "澳门路社区", 3),
]
# code, name, short name, kind, code of the one above
Row = tuple[str, str, str, str, str]


def _rows() -> list[Row]:
    rows: list[Row] = [(OFFICE, "珠海路街道党工委", "珠海路街道", "sub_district", "")]
    rows.append((OFFICE_BRANCH, "珠海路街道机关党支部", "街道机关党支部", "branch", OFFICE))
    for code, community, branches in _COMMUNITIES:
        rows.append((code, f"{community}党委", community, "community", OFFICE))
        for number in range(1, branches + 1):
            branch = f"{code}-{number:02d}"
            name = f"{community}第{_ORDINALS[number - 1]}党支部"
            rows.append((branch, name, name.replace("社区", ""), "branch", code))
            rows += [
                (f"{branch}-{group}", f"{name}第{group}党小组", f"第{group}党小组", "group", branch)
                for group in range(1, 3 + number % 2)
            ]
    rows.append((RED_PROPERTY, "鲁商首府小区红色物业党支部", "红色物业党支部", "branch", SHANTOU))
    rows.append((ELDER_CARE, "一家亲为老服务中心党支部", "一家亲党支部", "branch", SHANTOU))
    return rows


ROWS = _rows()
NAMES = {code: name for code, name, _short, _kind, _above in ROWS}
BRANCHES = [code for code, _name, _short, kind, _above in ROWS if kind == "branch"]


def branches_below(code: str) -> list[str]:
    """Return the codes of the branches directly below an organisation, or the branch itself."""
    return [row[0] for row in ROWS if row[3] == "branch" and code in (row[0], row[4])]


def table() -> bytes:
    """Return the organisations as the file that an office would import."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["组织编码", "组织名称", "组织简称", "类型", "上级组织编码"])
    writer.writerows(ROWS)
    return text.getvalue().encode()
