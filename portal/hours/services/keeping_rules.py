"""Rules and thresholds: a new row is entered, from a day on; none is ever changed."""

from dataclasses import dataclass
from datetime import date

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.hours.kinds import Category, Source, hours_words
from portal.hours.models import HourRule, HourThreshold
from portal.people.models import Organisation, Person

# How far back a rule may reach: hours of years that are long filed stay as they are.
YEARS_BACK = 1


@dataclass(frozen=True)
class RuleFigures:
    """What is entered of a rule; halves."""

    source: Source
    valid_from: date
    per_hour: int
    per_half_day: int
    per_day: int
    fixed: int
    cap_event: int | None
    cap_year: int | None
    needs_full_stay: bool
    lecturer_times: int
    citation: str
    note: str


@dataclass(frozen=True)
class ThresholdFigures:
    """What is entered of a threshold; halves."""

    category: Category
    year_from: int
    halves: int
    concentrated: int
    prorates: bool
    citation: str
    note: str


def set_rule(*, organisation: Organisation, figures: RuleFigures, actor: Person) -> HourRule:
    """Enter how a source is counted from a day on; entries since then are reckoned anew.

    Raises InvalidInputError for a day before last year: those hours are filed.
    """
    earliest = date(clock.today().year - YEARS_BACK, 1, 1)
    if figures.valid_from < earliest:
        raise InvalidInputError(
            f"最早从{earliest.year}年1月1日起；更早的学时已经归档，不再改动。", field="valid_from"
        )
    if figures.per_hour * 3 > figures.per_half_day > 0 or figures.per_half_day > figures.per_day:
        raise InvalidInputError(
            "一天的学时不能少于半天的，半天的不能少于三个小时的。", field="per_half_day"
        )
    made = HourRule(
        organisation=organisation,
        entered_by=actor,
        entered_at=clock.now(),
        **figures.__dict__,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "hours.rule_set",
        made,
        actor=actor,
        organisation=organisation.name,
        source=figures.source.label,
        since=figures.valid_from,
        credit=hours_words(figures.per_hour),
        reason=figures.note,
    )
    return made


def set_threshold(
    *, organisation: Organisation, figures: ThresholdFigures, actor: Person
) -> HourThreshold:
    """Enter what a category owes from a year on; raise InvalidInputError for years long filed."""
    earliest = clock.today().year - YEARS_BACK
    if figures.year_from < earliest:
        raise InvalidInputError(
            f"最早从{earliest}年起；更早的年度已经归档，不再改动。", field="year_from"
        )
    made = HourThreshold(
        organisation=organisation,
        entered_by=actor,
        entered_at=clock.now(),
        **figures.__dict__,
    )
    db.session.add(made)
    db.session.flush()
    audit.record(
        "hours.threshold_set",
        made,
        actor=actor,
        organisation=organisation.name,
        category=figures.category.label,
        year=figures.year_from,
        credit=hours_words(figures.halves),
        reason=figures.note,
    )
    return made
