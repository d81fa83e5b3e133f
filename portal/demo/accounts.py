"""The accounts of the demo, exactly as CONTRACT.md names them."""

from dataclasses import dataclass

from portal.demo import organisations as places
from portal.people.models import Role

PASSWORD = "Demo-2026-portal"  # noqa: S105  the demo's, published on purpose


@dataclass(frozen=True)
class DemoAccount:
    """A user name, the role it holds and the organisation over which."""

    username: str
    role: Role | None
    over: str | None
    what: str


ACCOUNTS = [
    DemoAccount("office", Role.OFFICE, places.OFFICE, "街道组织办"),
    DemoAccount("secretary", Role.COMMUNITY_SECRETARY, places.SHANTOU, "汕头路社区党委书记"),
    DemoAccount("secretary2", Role.COMMUNITY_SECRETARY, places.HAIKOU, "海口路社区党委书记"),
    DemoAccount("branch", Role.BRANCH_SECRETARY, "ZHL-01-01", "汕头路社区第一党支部书记"),
    DemoAccount("keeper", Role.SITE_KEEPER, places.RED_PROPERTY, "鲁商首府小区红色物业负责人"),
    DemoAccount("officer", Role.OFFICER, places.OFFICE, "职能部门人员"),
    DemoAccount("visitor", Role.VISITING_CHIEF, places.OFFICE, "处长网格员"),
    *(DemoAccount(f"member{n}", None, None, "汕头路社区党员") for n in range(1, 11)),
    *(DemoAccount(f"member{n}", None, None, "海口路社区党员") for n in range(11, 21)),
    DemoAccount("sysadmin", Role.SYSTEM_ADMINISTRATOR, None, "系统管理员"),
    DemoAccount("secadmin", Role.SECURITY_ADMINISTRATOR, None, "安全管理员"),
    DemoAccount("auditor", Role.AUDITOR, None, "审计管理员"),
]
