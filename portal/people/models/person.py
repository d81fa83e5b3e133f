"""Persons, where they belong and which posts they hold, all dated."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice, sorted_bytewise
from portal.people.models.account import RoleGrant
from portal.people.models.organisation import Organisation


class PersonKind(StrEnum):
    """Member of a party organisation, or somebody from outside the roster."""

    MEMBER = "member"
    GUEST = "guest"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {"member": "党员", "guest": "来宾"}[self.value]


class Gender(StrEnum):
    """As written in the roster; unknown is None."""

    FEMALE = "female"
    MALE = "male"

    @property
    def label(self) -> str:
        """Chinese word."""
        return {"female": "女", "male": "男"}[self.value]


class MembershipKind(StrEnum):
    """Exactly one primary branch; any number of participating relations (DOMAIN 2.1)."""

    PRIMARY = "primary"
    PARTICIPATING = "participating"

    @property
    def label(self) -> str:
        """Chinese name of the relation."""
        return {"primary": "组织关系", "participating": "参加组织生活"}[self.value]


class Participation(StrEnum):
    """Why somebody takes part in another organisation than the own branch (DOMAIN 2.1)."""

    FLOATING = "floating"
    DOUBLE_REPORT = "double_report"
    PART_TIME = "part_time"
    GUEST = "guest"

    @property
    def label(self) -> str:
        """Chinese name of the relation."""
        return {
            "floating": "流动党员",
            "double_report": "双报到",
            "part_time": "兼职委员",
            "guest": "来宾",
        }[self.value]


class EndReason(StrEnum):
    """Why a relation ended; what lies behind it (illness, penalties) is not kept."""

    TRANSFERRED = "transferred"
    MOVED_OUT = "moved_out"
    DECEASED = "deceased"
    LEFT = "left"
    FINISHED = "finished"
    MISTAKE = "mistake"

    @property
    def label(self) -> str:
        """Chinese words for the history."""
        return {
            "transferred": "转到其他支部",
            "moved_out": "转出本街道",
            "deceased": "去世",
            "left": "不再是党员",
            "finished": "到期或不再参加",
            "mistake": "登记有误",
        }[self.value]


class ExemptReason(StrEnum):
    """Why somebody is exempt from organisation life (条例 art. 23); never a diagnosis."""

    FRAIL = "frail"
    IMMOBILE = "immobile"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Chinese words."""
        return {
            "frail": "年老体弱",
            "immobile": "行动不便",
            "other": "其他（支部已讨论同意）",
        }[self.value]


class Person(Base):
    """Somebody who can be signed up and counted; no account and no phone are needed.

    Kept: name, gender, year of birth, date of joining, phone, work unit and post. Never
    kept: identity number, address, ethnicity, wages (DOMAIN 3.2).
    """

    __tablename__ = "person"
    __table_args__ = (
        Index(None, "pinyin_key"),
        Index(None, "stroke_key"),
        Index(None, "phone"),
        Index(None, "name"),
    )

    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[PersonKind] = mapped_column(choice(PersonKind), default=PersonKind.MEMBER)
    gender: Mapped[Gender | None] = mapped_column(choice(Gender))
    birth_year: Mapped[int | None]
    joined_on: Mapped[date | None]
    phone: Mapped[str] = mapped_column(String(20), default="")
    work_unit: Mapped[str] = mapped_column(String(80), default="")
    post: Mapped[str] = mapped_column(String(60), default="")
    rank: Mapped[str] = mapped_column(String(30), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    # Exempt from organisation life (条例 art. 23): never counted as due.
    is_exempt: Mapped[bool] = mapped_column(default=False)
    exempt_reason: Mapped[ExemptReason | None] = mapped_column(choice(ExemptReason))
    exempt_since: Mapped[date | None]
    pinyin_key: Mapped[str] = mapped_column(sorted_bytewise(120), default="")
    stroke_key: Mapped[str] = mapped_column(sorted_bytewise(160), default="")
    version: Mapped[int] = mapped_column(default=1)

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", lazy="raise_on_sql", order_by="Membership.id"
    )
    posts: Mapped[list["Post"]] = relationship(
        back_populates="person", lazy="raise_on_sql", order_by="Post.id"
    )
    exemptions: Mapped[list["Exemption"]] = relationship(
        back_populates="person",
        lazy="raise_on_sql",
        foreign_keys="Exemption.person_id",
        order_by="Exemption.id",
    )
    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="raise_on_sql", foreign_keys=RoleGrant.person_id, order_by=RoleGrant.id
    )

    __mapper_args__ = {"version_id_col": version}

    def present_memberships(self, day: date) -> list["Membership"]:
        """Return the relations that hold on that day or later, the primary branch first.

        Of somebody who has left altogether, those that ended last: whoever kept the record
        goes on keeping it, and a former branch learns nothing new of who went elsewhere.
        """
        open_ones = [relation for relation in self.memberships if not relation.is_over_on(day)]
        if not open_ones:
            last = max((relation.valid_to or day for relation in self.memberships), default=day)
            open_ones = [relation for relation in self.memberships if relation.valid_to == last]
        return sorted(open_ones, key=lambda relation: relation.kind.value != "primary")

    def keeping_memberships(self, day: date) -> list["Membership"]:
        """Return the relations whose organisation keeps this record: the primary branch.

        Where there is none, all those at present.
        """
        present = self.present_memberships(day)
        primary = [relation for relation in present if relation.kind is MembershipKind.PRIMARY]
        return primary or present

    def present_posts(self, day: date) -> list["Post"]:
        """Return the posts not given up before that day."""
        return [post for post in self.posts if not post.is_over_on(day)]

    @property
    def phone_masked(self) -> str:
        """The phone as lists show it: 138****1234."""
        return f"{self.phone[:3]}****{self.phone[-4:]}" if len(self.phone) >= 8 else ""


class Membership(Base):
    """A dated relation between a person and an organisation."""

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            "uq_membership_primary",
            "person_id",
            unique=True,
            sqlite_where=text("kind = 'primary' AND valid_to IS NULL"),
            postgresql_where=text("kind = 'primary' AND valid_to IS NULL"),
        ),
        Index(None, "organisation_id", "valid_to"),
        Index(None, "person_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[MembershipKind] = mapped_column(
        choice(MembershipKind), default=MembershipKind.PRIMARY
    )
    # Only for participating relations; None where it is not known.
    participation: Mapped[Participation | None] = mapped_column(choice(Participation))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    end_reason: Mapped[EndReason | None] = mapped_column(choice(EndReason))

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="raise_on_sql")
    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")

    def is_open_on(self, day: date) -> bool:
        """Return whether the relation holds on that day (both ends included)."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)

    def is_over_on(self, day: date) -> bool:
        """Return whether the relation has ended before that day."""
        return self.valid_to is not None and self.valid_to < day

    @property
    def label(self) -> str:
        """What the relation is called: 组织关系, 流动党员, 双报到 …"""
        return self.participation.label if self.participation else self.kind.label


class Post(Base):
    """A post held in an organisation, for instance 党支部书记; one person may hold many."""

    __tablename__ = "post"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(back_populates="posts", lazy="raise_on_sql")

    def is_over_on(self, day: date) -> bool:
        """Return whether the post was given up before that day."""
        return self.valid_to is not None and self.valid_to < day


class PersonKey(Base):
    """What finds a person: each tail of the name, each reading, the initials, the phone.

    A search is a range of the index (`key` starts with what was typed), so it costs the
    same among 40,000 people as among 3,000.
    """

    __tablename__ = "person_key"
    __table_args__ = (Index(None, "key", "person_id"), Index(None, "person_id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sorted_bytewise(120))


class Exemption(Base):
    """A time during which somebody was exempt: why, since when, until when, by whom.

    `Person.is_exempt` says whether one holds now. `since` None is longer than is known, `until`
    None without an end. What was taken back on the day it was entered never held.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        Index(None, "person_id", "id"),
        CheckConstraint("until >= since", name="until_after_since"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    reason: Mapped[ExemptReason] = mapped_column(choice(ExemptReason))
    since: Mapped[date | None]
    # The last day.
    until: Mapped[date | None]
    entered_at: Mapped[datetime | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Nobody, where the day came that was named at the beginning.
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_mistaken: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(
        lazy="raise_on_sql", foreign_keys=[person_id], back_populates="exemptions"
    )
    entered_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[entered_by_id]
    )
    ended_by: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[ended_by_id])
