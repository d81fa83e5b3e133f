"""Days that are not as their weekday says."""

from datetime import date
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, choice


class DayKind(StrEnum):
    """What a day is, whatever its weekday."""

    OFF = "off"
    WORKING = "working"

    @property
    def label(self) -> str:
        """Chinese word of the yearly notice."""
        return {"off": "放假", "working": "调休上班"}[self.value]


class Holiday(Base):
    """A day off, or a weekend day that is worked in exchange (调休)."""

    __tablename__ = "holiday"

    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DayKind] = mapped_column(choice(DayKind), default=DayKind.OFF)
