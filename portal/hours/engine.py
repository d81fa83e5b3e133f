"""The rules of study hours (DOMAIN 2.6), pure: from facts and rules to hours, always the same.

Hours are counted in halves, so that nothing is ever rounded twice. What is no whole half is cut
off: nobody is credited with more than was sat. Hours belong to the calendar year of the day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from portal import clock
from portal.hours.conversions import DAY, HALF_DAY, Conversion, Conversions
from portal.hours.facts import Attended, Credit, Fact, Gathered, MadeUp, Trained
from portal.hours.kinds import Source, hours_words


def credits_of(facts: Iterable[Fact], rules: Conversions) -> list[Credit]:
    """Return all credits of one person, each event and training at most once a year.

    Whoever was there needs no make-up; what several facts say of one event counts once.
    """
    given = list(facts)
    attended = [fact for fact in given if isinstance(fact, Attended)]
    there = {fact.event.event_id for fact in attended}
    made: dict[tuple[int, int, int], Credit] = {}
    for fact in sorted(given, key=_order):
        if isinstance(fact, Attended):
            given_for = _attended(fact, rules)
        elif isinstance(fact, Trained):
            given_for = _trained(fact, rules)
        elif fact.event.event_id in there:
            continue
        else:
            given_for = _made_up(fact, rules, attended)
        for credit in given_for:
            made.setdefault(credit.key, credit)
    return _within_caps(made.values())


def _order(fact: Fact) -> tuple[int, date, int]:
    if isinstance(fact, Attended):
        return (0, fact.event.day, fact.event.event_id)
    if isinstance(fact, MadeUp):
        return (1, fact.made_on, fact.make_up_id)
    return (2, fact.starts_on, fact.training_id)


def _attended(fact: Attended, rules: Conversions) -> list[Credit]:
    event = fact.event
    rule = rules.of(event.source, fact.path, event.day)
    if not rule.counts:
        return []
    whole, words = whole_event(event, rule)
    share = fact.share
    said = [words]
    if rule.needs_full_stay and (fact.was_late or fact.left_early or share < 1):
        share = Fraction(0)
        said.append("规则要求全程参加，迟到、早退不计")
    elif share < 1:
        said.append(_share_words(fact, share))
    if fact.is_lecturer and rule.lecturer_times > 1:
        said.append(f"主讲按 {rule.lecturer_times} 倍")
    times = rule.lecturer_times if fact.is_lecturer else 1
    halves = int(sum(whole.values()) * times * share)
    if rule.cap_event is not None and halves > rule.cap_event:
        halves = rule.cap_event
        said.append(f"每次最多 {hours_words(rule.cap_event)}")
    return [
        Credit(
            year=year,
            day=max(event.day, date(year, 1, 1)),
            title=event.title,
            source=event.source,
            halves=part,
            is_confirmed=fact.is_confirmed,
            rule_id=rule.id,
            words="；".join([*said, "跨年，按日分到两年"] if len(whole) > 1 else said),
            event_id=event.event_id,
            cap_year=rule.cap_year,
        )
        for year, part in _shared_out(halves, whole).items()
    ]


def whole_event(event: Gathered, rule: Conversion) -> tuple[dict[int, int], str]:
    """Return the halves by year of somebody who was there from beginning to end, and why."""
    if rule.fixed:
        return {event.day.year: rule.fixed}, f"每次固定 {hours_words(rule.fixed)} 学时"
    by_year: dict[int, int] = {}
    days = 0
    for day, minutes in _minutes_by_day(event):
        by_year[day.year] = by_year.get(day.year, 0) + rule.of_minutes(minutes)
        days += 1
    if days > 1:
        return by_year, f"{days} 天，每天最多 {hours_words(rule.per_day)} 学时"
    return by_year, f"{event.minutes} 分钟，{_rate_words(rule, event.minutes)}"


def _rate_words(rule: Conversion, minutes: int) -> str:
    halves = rule.of_minutes(minutes)
    if minutes >= DAY and halves == rule.per_day:
        return f"满 {DAY // 60} 小时按一天计 {hours_words(rule.per_day)} 学时"
    if minutes >= HALF_DAY and halves == rule.per_half_day:
        return f"满 {HALF_DAY // 60} 小时按半天计 {hours_words(rule.per_half_day)} 学时"
    return f"每小时 {hours_words(rule.per_hour)} 学时"


def _minutes_by_day(event: Gathered) -> Iterable[tuple[date, int]]:
    """Yield each calendar day that the event touches, with its minutes."""
    start, end = clock.local(event.starts_at), clock.local(event.ends_at)
    day = start.date()
    while day <= end.date():
        midnight = datetime.combine(day, time(), clock.CHINA)
        from_, until = max(start, midnight), min(end, midnight + timedelta(days=1))
        minutes = int((until - from_).total_seconds() // 60)
        if minutes > 0:
            yield day, minutes
        day += timedelta(days=1)


def _share_words(fact: Attended, share: Fraction) -> str:
    if fact.left_early and fact.left_at is None:
        return "早退，没有记下离开时间，按一半计"
    minutes = int(share * fact.event.minutes)
    return f"实际参加 {minutes} 分钟，按比例计"


def _shared_out(halves: int, whole: dict[int, int]) -> dict[int, int]:
    """Share what is credited among the years, in proportion; the last one takes the rest."""
    total = sum(whole.values())
    if not total:
        return dict.fromkeys(list(whole)[:1], 0)
    shared, left = {}, halves
    years = sorted(whole)
    for year in years[:-1]:
        shared[year] = halves * whole[year] // total
        left -= shared[year]
    return {**shared, years[-1]: left}


def _made_up(fact: MadeUp, rules: Conversions, attended: Sequence[Attended]) -> list[Credit]:
    """A lesson made up gives at most what the lesson itself would have given."""
    rule = rules.of(fact.source, fact.path, fact.made_on)
    event_rule = rules.of(fact.event.source, fact.path, fact.event.day)
    if not rule.counts or not fact.halves:
        return []
    halves, said = fact.halves, [f"补课，登记 {hours_words(fact.halves)} 学时"]
    most = sum(whole_event(fact.event, event_rule)[0].values())
    if halves > most:
        halves = most
        said.append(f"不超过原活动的 {hours_words(most)} 学时")
    if rule.cap_event is not None and halves > rule.cap_event:
        halves = rule.cap_event
        said.append(f"每次最多 {hours_words(rule.cap_event)}")
    if fact.is_other_session and any(
        one.event.day == fact.made_on and one.event.source is fact.event.source for one in attended
    ):
        halves = 0
        said.append("他场的名册上已经计入，不重复计")
    return [
        Credit(
            year=fact.made_on.year,
            day=fact.made_on,
            title=fact.event.title,
            source=fact.source,
            halves=halves,
            is_confirmed=True,
            rule_id=rule.id,
            words="；".join(said),
            event_id=fact.event.event_id,
            make_up_id=fact.make_up_id,
            cap_year=rule.cap_year,
        )
    ]


def _trained(fact: Trained, rules: Conversions) -> list[Credit]:
    rule = rules.of(fact.source, fact.path, fact.starts_on)
    if not rule.counts:
        return []
    each = f"每{fact.unit.label.removeprefix('个')} {hours_words(rule.per(fact.unit))} 学时"
    said = [f"{hours_words(fact.quantity)} {fact.unit.label}，{each}"]
    whole = {year: quantity * rule.per(fact.unit) // 2 for year, quantity in _filled(fact).items()}
    halves = fact.quantity * rule.per(fact.unit) // 2
    if rule.cap_event is not None and halves > rule.cap_event:
        halves = rule.cap_event
        said.append(f"每次最多 {hours_words(rule.cap_event)}")
    if len(whole) > 1:
        said.append("跨年，按日分到两年")
    return [
        Credit(
            year=year,
            day=max(fact.starts_on, date(year, 1, 1)),
            title=fact.title,
            source=fact.source,
            halves=part,
            is_confirmed=fact.is_confirmed,
            rule_id=rule.id,
            words="；".join(said),
            training_id=fact.training_id,
            cap_year=rule.cap_year,
        )
        for year, part in _shared_out(halves, whole).items()
    ]


def _filled(fact: Trained) -> dict[int, int]:
    """Fill the days of a training one after the other; return the quantity of each year."""
    most, left = fact.unit.most_a_day * 2, fact.quantity
    filled: dict[int, int] = {}
    day = fact.starts_on
    while left > 0 and day <= fact.ends_on:
        part = min(most, left)
        filled[day.year] = filled.get(day.year, 0) + part
        left -= part
        day += timedelta(days=1)
    return filled or {fact.starts_on.year: fact.quantity}


def _within_caps(made: Iterable[Credit]) -> list[Credit]:
    """Hold the caps of a source in a year: what was confirmed first, then by date."""
    used: dict[tuple[Source, int], int] = {}
    kept = []
    for credit in sorted(made, key=lambda one: (not one.is_confirmed, one.day, one.key)):
        if credit.cap_year is not None:
            kind = (credit.source, credit.year)
            left = max(0, credit.cap_year - used.get(kind, 0))
            if credit.halves > left:
                cut = f"{credit.words}；这一类每年最多 {hours_words(credit.cap_year)} 学时"
                credit = replace(credit, halves=left, words=cut)  # noqa: PLW2901
            used[kind] = used.get(kind, 0) + credit.halves
        kept.append(credit)
    return sorted(kept, key=lambda one: (one.day, one.key))


def source_of_make_up(*, is_alone: bool) -> Source:
    """Return under which rule a make-up stands: studied alone, or with somebody."""
    return Source.SELF_STUDY if is_alone else Source.MAKE_UP


def total(of: Iterable[Credit], *, is_confirmed: bool = True) -> int:
    """Return the halves of those credits that are confirmed, or of those that are not."""
    return sum(one.halves for one in of if one.is_confirmed is is_confirmed)


__all__ = [
    "Attended",
    "Conversion",
    "Conversions",
    "Credit",
    "Fact",
    "Gathered",
    "MadeUp",
    "Trained",
    "credits_of",
    "source_of_make_up",
    "total",
    "whole_event",
]
