"""Rules and thresholds as dated rows, entries derived from them, other training, certificates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, choice, sorted_bytewise
from portal.events.models import Event
from portal.hours.engine import Conversion, Trained
from portal.hours.kinds import Category, Cause, Source, TrainingState, Unit, hours_words
from portal.hours.thresholds import Threshold
from portal.materials.models import Material
from portal.people.models import Organisation, Person
from portal.people.models.organisation import LONGEST_PATH

LONGEST_CITATION = 300
LONGEST_NOTE = 200
LONGEST_TITLE = 120
LONGEST_ORGANISER = 80
LONGEST_DOCUMENT = 60
LONGEST_WORDS = 300
_LIVE_SQL = "state IN ('waiting', 'confirmed')"


class HourRule(Base):
    """How time becomes hours from a day on; entered by an office, never changed or removed.

    All figures are halves. It holds for the organisation and all below it.
    """

    __tablename__ = "hour_rule"
    __table_args__ = (
        Index(None, "organisation_id"),
        CheckConstraint("per_hour BETWEEN 0 AND 48", name="per_hour"),
        CheckConstraint("per_half_day BETWEEN 0 AND 48", name="per_half_day"),
        CheckConstraint("per_day BETWEEN 0 AND 48", name="per_day"),
        CheckConstraint("lecturer_times BETWEEN 1 AND 10", name="lecturer_times"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[Source] = mapped_column(choice(Source))
    valid_from: Mapped[date]
    per_hour: Mapped[int]
    per_half_day: Mapped[int]
    per_day: Mapped[int]
    fixed: Mapped[int] = mapped_column(default=0)
    cap_event: Mapped[int | None]
    cap_year: Mapped[int | None]
    needs_full_stay: Mapped[bool] = mapped_column(default=False)
    lecturer_times: Mapped[int] = mapped_column(default=1)
    citation: Mapped[str] = mapped_column(String(LONGEST_CITATION))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    entered_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def conversion(self) -> Conversion:
        """The rule as the engine takes it; its organisation is loaded."""
        return Conversion(
            id=self.id,
            source=self.source,
            path=self.organisation.path,
            valid_from=self.valid_from,
            per_hour=self.per_hour,
            per_half_day=self.per_half_day,
            per_day=self.per_day,
            fixed=self.fixed,
            cap_event=self.cap_event,
            cap_year=self.cap_year,
            needs_full_stay=self.needs_full_stay,
            lecturer_times=self.lecturer_times,
            citation=self.citation,
        )


class HourThreshold(Base):
    """What a category owes from a year on; entered by an office, never changed or removed."""

    __tablename__ = "hour_threshold"
    __table_args__ = (
        Index(None, "organisation_id"),
        CheckConstraint("halves BETWEEN 0 AND 2000", name="halves"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    category: Mapped[Category] = mapped_column(choice(Category))
    year_from: Mapped[int]
    halves: Mapped[int]
    concentrated: Mapped[int] = mapped_column(default=0)
    prorates: Mapped[bool] = mapped_column(default=True)
    citation: Mapped[str] = mapped_column(String(LONGEST_CITATION))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship(lazy="raise_on_sql")
    entered_by: Mapped[Person] = relationship(lazy="raise_on_sql")

    @property
    def threshold(self) -> Threshold:
        """The threshold as the engine takes it; its organisation is loaded."""
        return Threshold(
            id=self.id,
            category=self.category,
            path=self.organisation.path,
            year_from=self.year_from,
            halves=self.halves,
            concentrated=self.concentrated,
            prorates=self.prorates,
            citation=self.citation,
        )


class Training(Base):
    """Training that was no event of the portal, with its document; confirmed by the branch."""

    __tablename__ = "training"
    __table_args__ = (
        # One training, one credit: whoever was refused or has withdrawn may enter it again.
        Index(
            "uq_training_live",
            "person_id",
            "starts_on",
            "title_key",
            unique=True,
            sqlite_where=text(_LIVE_SQL),
            postgresql_where=text(_LIVE_SQL),
        ),
        Index(None, "state", "person_id"),
        Index(None, "material_id"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("quantity BETWEEN 1 AND 800", name="quantity"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source: Mapped[Source] = mapped_column(choice(Source))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    # The title without case, spaces and marks: what tells that two are the same.
    title_key: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    organiser: Mapped[str] = mapped_column(String(LONGEST_ORGANISER))
    document_no: Mapped[str] = mapped_column(String(LONGEST_DOCUMENT), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    unit: Mapped[Unit] = mapped_column(choice(Unit))
    # In halves of the unit.
    quantity: Mapped[int]
    state: Mapped[TrainingState] = mapped_column(choice(TrainingState))
    material_id: Mapped[int | None] = mapped_column(ForeignKey("material.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])
    material: Mapped[Material | None] = relationship(lazy="raise_on_sql")
    entered_by: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[entered_by_id])
    decided_by: Mapped[Person | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[decided_by_id]
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def length(self) -> str:
        """How long it took, as written: 2.5 天."""
        return f"{hours_words(self.quantity)} {self.unit.label}"

    def fact(self, path: str) -> Trained:
        """Return it as the engine takes it, of a person who belongs there."""
        return Trained(
            training_id=self.id,
            title=self.title,
            source=self.source,
            path=path,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            unit=self.unit,
            quantity=self.quantity,
            is_confirmed=self.state is TrainingState.CONFIRMED,
        )


class HourEntry(Base):
    """Hours of one person for one event or training in one year; derived, never typed."""

    __tablename__ = "hour_entry"
    __table_args__ = (
        Index(
            "uq_hour_entry_event",
            "event_id",
            "person_id",
            "year",
            unique=True,
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
        ),
        Index(
            "uq_hour_entry_training",
            "training_id",
            "year",
            unique=True,
            sqlite_where=text("training_id IS NOT NULL"),
            postgresql_where=text("training_id IS NOT NULL"),
        ),
        Index(None, "person_id", "year"),
        Index(None, "year", "unit_path"),
        CheckConstraint("(event_id IS NULL) <> (training_id IS NULL)", name="one_thing"),
        CheckConstraint("halves >= 0", name="halves"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int]
    day: Mapped[date]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    source: Mapped[Source] = mapped_column(choice(Source))
    halves: Mapped[int]
    # Provisional until the roll is confirmed, or the training by the branch.
    is_confirmed: Mapped[bool]
    # None: a rule that the portal ships (`defaults`).
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("hour_rule.id"))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    make_up_id: Mapped[int | None] = mapped_column(ForeignKey("make_up.id", ondelete="SET NULL"))
    training_id: Mapped[int | None] = mapped_column(ForeignKey("training.id", ondelete="CASCADE"))
    # Where the person belonged then.
    unit_path: Mapped[str] = mapped_column(sorted_bytewise(LONGEST_PATH), default="")

    @property
    def key(self) -> tuple[int, int, int]:
        """What it is for, as `Credit.key` says it."""
        return (self.event_id or 0, self.training_id or 0, self.year)

    @property
    def hours(self) -> str:
        """The hours as written."""
        return hours_words(self.halves)


class HourChange(Base):
    """What changed in somebody's hours after they had been told, and why; never changed."""

    __tablename__ = "hour_change"
    __table_args__ = (
        Index(None, "person_id", "year", "id"),
        Index(
            "ix_hour_change_untold",
            "person_id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int]
    at: Mapped[datetime]
    cause: Mapped[Cause] = mapped_column(choice(Cause))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="SET NULL"))
    training_id: Mapped[int | None] = mapped_column(ForeignKey("training.id", ondelete="SET NULL"))
    # None: there was no entry before, or there is none any more.
    from_halves: Mapped[int | None]
    to_halves: Mapped[int | None]
    from_words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    to_words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    # When a message said so; nobody is told at night.
    told_at: Mapped[datetime | None]

    @property
    def difference(self) -> str:
        """What came of it: 4 → 2."""
        before = "无" if self.from_halves is None else hours_words(self.from_halves)
        after = "不再计入" if self.to_halves is None else hours_words(self.to_halves)
        return f"{before} → {after}"


class CountedRoll(Base):
    """Up to which change a roll has been counted into hours."""

    __tablename__ = "counted_roll"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    revision: Mapped[int]

    event: Mapped[Event] = relationship(lazy="raise_on_sql")


class HourCertificate(Base):
    """A statement of somebody's hours as they stood then; its code proves it to anybody."""

    __tablename__ = "hour_certificate"
    __table_args__ = (Index(None, "person_id", "year"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    halves: Mapped[int]
    # Owed in that year; None where nothing is.
    owed_halves: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(80))
    # Its lines, as JSON: what is printed never changes.
    lines: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[person_id])

    @property
    def hours(self) -> str:
        """The hours as written."""
        return hours_words(self.halves)

    @property
    def code_words(self) -> str:
        """The code as people read it: ABCD-EFGH-JKMN."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))
