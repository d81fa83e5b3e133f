"""The days on which a site, or a room of it, is shut. What was agreed before stays as it is."""

from dataclasses import asdict, dataclass
from datetime import date

from portal.errors import InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import Person
from portal.sites.details import EARLIEST, LATEST
from portal.sites.models import Closure, Site
from portal.sites.opening import WEEKDAYS
from portal.sites.services import save

LONGEST_REASON = 120
LABELS = {
    "starts_on": "从",
    "ends_on": "到",
    "weekday": "每周",
    "room_id": "范围",
    "reason": "原因",
}


@dataclass(frozen=True, kw_only=True)
class ClosureFacts:
    """Days on which the site, or one room, is shut; a `weekday` recurs between the two dates.

    Without an `ends_on` it holds until further notice.
    """

    starts_on: date
    ends_on: date | None = None
    weekday: int | None = None
    room_id: int | None = None
    reason: str = ""


def facts_of(closure: Closure) -> ClosureFacts:
    """Return what is written about the closure."""
    return ClosureFacts(**{name: getattr(closure, name) for name in LABELS})


def words_of(site: Site, facts: ClosureFacts) -> dict[str, object]:
    """Return the facts as people say them: for the audit chain, and to compare two of them."""
    names = {room.id: room.name for room in site.rooms}
    return {
        **asdict(facts),
        "weekday": "每天" if facts.weekday is None else WEEKDAYS[facts.weekday],
        "room_id": "整个点位" if facts.room_id is None else names.get(facts.room_id, "一间场地"),
        "ends_on": facts.ends_on or "长期",
    }


def close(*, site: Site, facts: ClosureFacts, actor: Person) -> Closure:
    """Shut the site or a room of it for some days, or for a day of every week.

    The same closure is not written twice: it is returned.
    """
    _check(facts)
    same = _same(site, facts, None)
    if same is not None:
        return same
    closure = Closure(**asdict(facts))
    site.closures.append(closure)
    save(site, actor, "site.closed", **_noted(closure))
    return closure


def change_closure(
    *, site: Site, closure: Closure, facts: ClosureFacts, version: int | None, actor: Person
) -> None:
    """Shut it on other days, or another room; raise ChangedMeanwhileError for an older version."""
    check_version(closure, version)
    _check(facts)
    if _same(site, facts, closure) is not None:
        raise InvalidInputError("这些日子的闭馆已经登记过了。", field="starts_on")
    changes = differences(words_of(site, facts_of(closure)), words_of(site, facts), LABELS)
    if not changes:
        return
    for name, value in asdict(facts).items():
        setattr(closure, name, value)
    save(site, actor, "site.closure_changed", changes=changes)


def reopen(*, site: Site, closure: Closure, actor: Person) -> None:
    """Take a closure back."""
    site.closures.remove(closure)
    save(site, actor, "site.reopened", **_noted(closure))


def _check(facts: ClosureFacts) -> None:
    if not EARLIEST <= facts.starts_on <= LATEST:
        raise InvalidInputError("开始日期的年份不对，请核对。", field="starts_on")
    if facts.ends_on is not None and not facts.starts_on <= facts.ends_on <= LATEST:
        raise InvalidInputError("结束日期不能早于开始日期，年份也请核对。", field="ends_on")
    if len(facts.reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")


def _same(site: Site, facts: ClosureFacts, but: Closure | None) -> Closure | None:
    """Return another closure of the site for the same days and the same room, if there is one."""
    wanted = (facts.starts_on, facts.ends_on, facts.weekday, facts.room_id)
    for other in site.closures:
        known = (other.starts_on, other.ends_on, other.weekday, other.room_id)
        if other is not but and known == wanted:
            return other
    return None


def _noted(closure: Closure) -> dict[str, object]:
    return {
        "valid_from": closure.starts_on,
        "valid_to": closure.ends_on,
        "reason": closure.reason,
        "weekday": "" if closure.weekday is None else WEEKDAYS[closure.weekday],
    }
