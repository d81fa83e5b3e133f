"""Accounts, sessions that end on the server, failures that lock, and dated roles."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice
from portal.people.models.organisation import Organisation

if TYPE_CHECKING:
    from portal.people.models.person import Person


class Role(StrEnum):
    """What somebody may do within a part of the tree. Everybody is a participant."""

    RECORDER = "recorder"
    BRANCH_SECRETARY = "branch_secretary"
    COMMUNITY_SECRETARY = "community_secretary"
    SITE_KEEPER = "site_keeper"
    OFFICER = "officer"
    VISITING_CHIEF = "visiting_chief"
    OFFICE = "office"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """Chinese name of the role."""
        return {
            "recorder": "记录人",
            "branch_secretary": "党支部书记",
            "community_secretary": "社区党委书记",
            "site_keeper": "红色物业负责人",
            "officer": "职能部门人员",
            "visiting_chief": "处长网格员",
            "office": "街道组织办",
            "system_administrator": "系统管理员",
            "security_administrator": "安全管理员",
            "auditor": "审计管理员",
        }[self.value]


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})


class AccountState(StrEnum):
    """How an account stands, in one word for lists."""

    OPEN = "open"
    WAITING = "waiting"
    LOCKED = "locked"
    EXPIRED = "expired"
    INACTIVE = "inactive"

    @property
    def label(self) -> str:
        """Chinese word for the state."""
        return {
            "open": "正常",
            "waiting": "等待授权",
            "locked": "已锁定",
            "expired": "已到期",
            "inactive": "已停用",
        }[self.value]


class Account(Base):
    """A way in for one person; it opens nothing until the security administrator confirms it."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(String(40), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_changed_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    # When the security administrator confirmed the account or granted its first role.
    confirmed_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    last_login_address: Mapped[str] = mapped_column(String(60), default="")
    # Care mode (关怀模式): 0 off, 1 large, 2 largest; follows the account everywhere.
    care_level: Mapped[int] = mapped_column(default=0)
    # Number in the address of "my calendar" for calendar programs, worth nothing without its
    # proof (portal.home.services); None = not asked for.
    calendar_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped["Person"] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    def is_locked_at(self, moment: datetime) -> bool:
        """Return whether too many failures keep the account shut at that moment."""
        return self.locked_until is not None and moment < self.locked_until

    def is_expired_on(self, day: date) -> bool:
        """Return whether the account's last day is over."""
        return self.expires_on is not None and self.expires_on < day

    def state_at(self, moment: datetime, day: date) -> "AccountState":
        """Return the one word for the account's state, the gravest first."""
        if not self.is_active:
            return AccountState.INACTIVE
        if self.is_expired_on(day):
            return AccountState.EXPIRED
        if self.is_locked_at(moment):
            return AccountState.LOCKED
        return AccountState.WAITING if self.confirmed_at is None else AccountState.OPEN


class PasswordHistory(Base):
    """Hashes of former passwords: the last five may not come back (DOMAIN 3.1 a)."""

    __tablename__ = "password_history"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class LoginSession(Base):
    """A signed-in browser: only the token's hash is kept; `ended_at` ends it for good."""

    __tablename__ = "login_session"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200), default="")

    account: Mapped[Account] = relationship(lazy="raise_on_sql")


class LoginFailure(Base):
    """A failed attempt, by user name and by address; five within 30 minutes lock.

    `username` is kept as typed only where such an account exists: what else was typed there
    may be somebody's password. A success forgives the account, never the address.
    """

    __tablename__ = "login_failure"
    __table_args__ = (Index(None, "username", "at"), Index(None, "address", "at"))

    username: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    is_forgiven: Mapped[bool] = mapped_column(default=False)


class RoleGrant(Base):
    """A role over one organisation and everything below it, for a time."""

    __tablename__ = "role_grant"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")

    def is_open_on(self, day: date) -> bool:
        """Return whether the grant holds on that day (both ends included)."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)
