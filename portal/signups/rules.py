"""How sign-up to one event goes, and how that is said to whoever signs up. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.signups.models import OfferEnd, SignupRules

# So long before sign-up closes, a group that does not fit is not waited for any more.
GROUPS_WAIT_UNTIL = timedelta(hours=24)
USUAL_RELEASE_HOURS = 24
MOST_OFFER_HOURS = 45
MOST_HOURS_BEFORE = 24 * 30


@dataclass(frozen=True)
class Rules:
    """What the office or a host has chosen for an event; the usual way where nothing is."""

    needs_approval: bool = False
    offer_hours: int | None = None
    offer_end: OfferEnd = OfferEnd.START
    cancel_hours: int | None = None
    release_hours: int = USUAL_RELEASE_HOURS

    def cancel_closes_at(self, event: Event) -> datetime:
        """Return until when one gives a place back alone: at the latest the start."""
        return event.starts_at - timedelta(hours=self.cancel_hours or 0)

    def floors_end_at(self, event: Event) -> datetime:
        """Return when the places kept for units are free for all."""
        return event.signup_closes() - timedelta(hours=self.release_hours)

    def groups_end_at(self, event: Event) -> datetime:
        """Return until when those behind a group that does not fit wait for it."""
        return event.signup_closes() - GROUPS_WAIT_UNTIL

    def offers_end_at(self, event: Event, moment: datetime) -> datetime:
        """Return when an offer made at that moment ends at the latest."""
        closes_at = event.signup_closes()
        is_before = self.offer_end is OfferEnd.CLOSE and moment < closes_at
        return closes_at if is_before else event.starts_at


@dataclass(frozen=True)
class UnitNumbers:
    """A unit with a quota, and how it stands: places taken or offered, and who waits."""

    id: int
    name: str
    path: str
    most: int | None
    floor: int
    taken: int
    waiting: int

    @property
    def left(self) -> int | None:
        """Return how many of its people still may get a place; None is no limit."""
        return None if self.most is None else max(0, self.most - self.taken)

    @property
    def kept(self) -> int:
        """Return how many of the places kept for it are not taken yet."""
        return max(0, self.floor - self.taken)


def rules_of(row: SignupRules | None) -> Rules:
    """Return what a row says, or the usual way."""
    if row is None:
        return Rules()
    return Rules(
        needs_approval=row.needs_approval,
        offer_hours=row.offer_hours,
        offer_end=row.offer_end,
        cancel_hours=row.cancel_hours,
        release_hours=row.release_hours,
    )


def unit_of(path: str, units: Sequence[UnitNumbers]) -> UnitNumbers | None:
    """Return the unit to which the people of a branch belong; units never lie in each other."""
    return next((unit for unit in units if path and path.startswith(unit.path)), None)


def said(moment: datetime) -> str:
    """Return a moment as the rule and the log say it: 12月3日 18:00."""
    local = clock.local(moment)
    return f"{local.month}月{local.day}日 {local.hour}:{local:%M}"


def in_words(event: Event, rules: Rules, units: Sequence[UnitNumbers]) -> list[str]:
    """Return the rule of the event's queue, sentence by sentence, for who signs up."""
    told = []
    if rules.needs_approval:
        told.append(
            "报名先由主办方审核，审核前不占名额；审核通过后，按报名的先后取得名额或者排进候补。"
        )
    told.append(
        "排队只看报名先后。有名额空出时从候补第 1 位起依次递补，容得下几位就递补几位；"
        "主办方要让谁优先，必须写明原因，记入变动记录。"
    )
    if units:
        told.append(f"各单位名额：{'；'.join(_unit_words(unit) for unit in units)}。")
    if any(unit.floor for unit in units) and event.capacity is not None:
        told.append(
            f"为单位保留的名额到{said(rules.floors_end_at(event))}为止，没有用完的放开，大家按先后递补。"
        )
    told.append(_offer_words(rules))
    told.append(
        "注明“一起参加”的几个人，名额够了才一起递补；"
        f"到{said(rules.groups_end_at(event))}（报名截止前 24 小时）为止，后面的人不越过他们，"
        "之后容得下的先递补。"
    )
    told.append("报名截止后不再自动递补，由主办方按同样的先后递补；活动开始后不再递补。")
    if rules.cancel_hours:
        told.append(
            f"{said(rules.cancel_closes_at(event))}以后不能自己取消报名，来不了的请向主办方请假。"
        )
    return told


def _unit_words(unit: UnitNumbers) -> str:
    most = f"最多 {unit.most} 人" if unit.most is not None else ""
    floor = f"保留 {unit.floor} 个" if unit.floor else ""
    return f"{unit.name}{'，'.join(part for part in (most, floor) if part)}"


def _offer_words(rules: Rules) -> str:
    if rules.offer_hours is None:
        return "轮到的人直接转为已报名，不用再操作，系统会发消息告知。"
    return (
        f"轮到的人要在 {rules.offer_hours} 个工作小时内确认（工作日 9:00–18:00，节假日不算，"
        f"最迟到{rules.offer_end.label}），名额为其留着；谢绝或者到时没有确认就算放弃，"
        "名额让给下一位，还想参加可以重新报名，排在最后。"
    )


def check(rules: Rules) -> None:
    """Raise InvalidInputError, naming the field, for the first figure that cannot be."""
    if rules.offer_hours is not None and not 0 < rules.offer_hours <= MOST_OFFER_HOURS:
        raise InvalidInputError(
            f"答复时限要在 1 到 {MOST_OFFER_HOURS} 个工作小时之间；不用先问本人就不填。",
            field="offer_hours",
        )
    if rules.cancel_hours is not None and not 0 < rules.cancel_hours <= MOST_HOURS_BEFORE:
        raise InvalidInputError(
            f"取消截止要在活动开始前 1 到 {MOST_HOURS_BEFORE} 小时之间；不提前截止就不填。",
            field="cancel_hours",
        )
    if not 0 <= rules.release_hours <= MOST_HOURS_BEFORE:
        raise InvalidInputError(
            f"放开时间要在报名截止前 0 到 {MOST_HOURS_BEFORE} 小时之间。", field="release_hours"
        )
