"""Messages to persons, and what a person does not want to be told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, choice


class MessageKind(StrEnum):
    """What a message is about; a person may switch each kind off (DOMAIN 2.14, B5)."""

    CALL = "call"
    REMINDER = "reminder"
    CHANGE = "change"
    PLACE = "place"
    BOOKING = "booking"
    REVIEW = "review"
    CASE = "case"
    HOURS = "hours"

    @property
    def label(self) -> str:
        """Chinese word for the badge."""
        return {
            "call": "参加通知",
            "reminder": "提醒",
            "change": "活动变动",
            "place": "报名和候补",
            "booking": "参观和场地",
            "review": "审核",
            "case": "问题建议",
            "hours": "学时",
        }[self.value]

    @property
    def explanation(self) -> str:
        """When such a message comes."""
        return {
            "call": "发布了请您参加的活动，每次活动只通知一次。",
            "reminder": "活动开始前、记录到期未完成时各提醒一次，每次活动连同参加通知最多三次。",
            "change": "您报名、候补或应当参加的活动延期、取消，或者改了时间地点。",
            "place": "报名审核有了结果，候补轮到您，或者您的名额没有了。",
            "booking": "参观预约有了答复、改期或取消；您负责的点位有活动要来、改动或不来了。",
            "review": "有内容等您审核，或者您提交的内容有了结果。",
            "case": "交给您办的问题建议、快到期或超期的，以及您反映的事有了结果。",
            "hours": "已经确认的学时因为名册更正、规则改变等有了变动，说明差多少、为什么。",
        }[self.value]


class Message(Base):
    """One thing that one person was told; the database lets each `key` be told once."""

    __tablename__ = "message"
    __table_args__ = (
        Index("uq_message", "person_id", "key", unique=True),
        Index(None, "created_at"),
        Index(
            "ix_message_unread",
            "person_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, default="")
    # A path of this portal, or empty.
    link: Mapped[str] = mapped_column(String(200), default="")
    key: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Silence(Base):
    """A kind of messages that a person has switched off."""

    __tablename__ = "silence"
    __table_args__ = (Index("uq_silence", "person_id", "kind", unique=True),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind))
