"""The organisation trees. A path of codes makes a subtree one prefix."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice, sorted_bytewise

LONGEST_CODE = 40
LONGEST_NAME = 80
LONGEST_PATH = 400


class Tree(StrEnum):
    """Party tree (组织隶属) or space tree (网格); they cross, see DOMAIN 2.1."""

    PARTY = "party"
    GRID = "grid"


class OrganisationKind(StrEnum):
    """Level or nature of an organisation."""

    SUB_DISTRICT = "sub_district"
    COMMUNITY = "community"
    BRANCH = "branch"
    GROUP = "group"
    UNIT = "unit"
    GRID = "grid"

    @property
    def label(self) -> str:
        """Chinese name of the kind."""
        return {
            "sub_district": "街道党工委",
            "community": "社区党委",
            "branch": "党支部",
            "group": "党小组",
            "unit": "单位",
            "grid": "网格",
        }[self.value]

    @property
    def level(self) -> int | None:
        """How high it stands, 1 the highest; units and grids stand anywhere (None)."""
        return {"sub_district": 1, "community": 2, "branch": 3, "group": 4}.get(self.value)

    def may_stand_below(self, above: "OrganisationKind") -> bool:
        """Return whether an organisation of this kind may stand below one of kind `above`."""
        return self.level is None or above.level is None or above.level < self.level


class BranchType(StrEnum):
    """What a branch is made of: rules and statistics differ (DOMAIN 2.1 d)."""

    RESIDENTIAL = "residential"
    GRID = "grid"
    PROPERTY = "property"
    ENTERPRISE = "enterprise"
    RETIRED = "retired"
    FLOATING = "floating"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """Chinese name of the type."""
        return {
            "residential": "小区党支部",
            "grid": "网格党支部",
            "property": "物业党支部",
            "enterprise": "两新组织党支部",
            "retired": "离退休党支部",
            "floating": "流动党员党支部",
            "office": "机关党支部",
        }[self.value]


class InTree(Protocol):
    """Whatever has its place in a tree: an organisation, or what is known of one."""

    @property
    def path(self) -> str: ...


class Organisation(Base):
    """A node of a tree; `path` is `/code/code/…/` from the root down to itself."""

    __tablename__ = "organisation"
    __table_args__ = (Index(None, "parent_id"), Index(None, "path"))

    code: Mapped[str] = mapped_column(String(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    short_name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[OrganisationKind] = mapped_column(choice(OrganisationKind))
    # Only for branches; None where nobody has said.
    branch_type: Mapped[BranchType | None] = mapped_column(choice(BranchType))
    tree: Mapped[Tree] = mapped_column(choice(Tree), default=Tree.PARTY)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    path: Mapped[str] = mapped_column(sorted_bytewise(LONGEST_PATH))
    position: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    parent: Mapped["Organisation | None"] = relationship(
        remote_side="Organisation.id", lazy="raise_on_sql"
    )

    __mapper_args__ = {"version_id_col": version}

    def is_within(self, other: "InTree") -> bool:
        """Return whether this organisation is `other` or lies below it."""
        return self.path.startswith(other.path)

    def is_open_on(self, day: date) -> bool:
        """Return whether the organisation exists on that day."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)


class OrganisationName(Base):
    """A name the organisation no longer bears: old records keep the old name."""

    __tablename__ = "organisation_name"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    valid_to: Mapped[date]
