"""What holds of an event and its sessions together, pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.errors import ConflictError, InvalidInputError
from portal.events.details import LONGEST_TITLE
from portal.events.models import Event, EventState

MOST_SESSIONS = 30
LONGEST_NAME = 40
# From the first session to the last: a course of a school year.
LONGEST_WHOLE = timedelta(days=366)
OFF = frozenset({EventState.CANCELLED})
# What moves with the whole: nothing that has been held.
MOVABLE = frozenset({EventState.DRAFT, EventState.PUBLISHED, EventState.POSTPONED})
_SETTLED = frozenset({EventState.RECORDED, EventState.ARCHIVED, EventState.CANCELLED})


def title_of(whole_title: str, name: str) -> str:
    """Return what a session is called in lists and messages: 培训班·第一场."""
    return f"{whole_title[: LONGEST_TITLE - len(name) - 1]}·{name}"


def span_of(sessions: Iterable[Event]) -> tuple[datetime, datetime] | None:
    """Return from when to when the whole lasts: from the first session to the last.

    What was called off counts only where all was; None where there is no session.
    """
    found = list(sessions)
    held = [one for one in found if one.state not in OFF] or found
    if not held:
        return None
    return min(one.starts_at for one in held), max(one.ends_at for one in held)


def respan(whole: Event, sessions: Iterable[Event]) -> None:
    """Let the whole last from its first session to its last; its deadline keeps within that."""
    found = list(sessions)
    whole.session_count = len(found)
    span = span_of(found)
    if span is None:
        return
    if span[1] - span[0] > LONGEST_WHOLE:
        raise InvalidInputError(
            f"从第一场到最后一场最长 {LONGEST_WHOLE.days} 天。", field="starts_at"
        )
    whole.starts_at, whole.ends_at = span
    if whole.signup_closes_at is not None:
        whole.signup_closes_at = min(whole.signup_closes_at, whole.ends_at)


def to_come(sessions: Iterable[Event], moment: datetime) -> list[Event]:
    """Return the sessions that have not begun, or wait for a new time, and are not called off."""
    return [
        one
        for one in sessions
        if one.state is EventState.POSTPONED or (one.state in MOVABLE and one.starts_at > moment)
    ]


def are_settled(sessions: Iterable[Event]) -> bool:
    """Return whether each session was recorded or called off, and one was recorded."""
    states = [one.state for one in sessions]
    recorded = {EventState.RECORDED, EventState.ARCHIVED}
    return all(state in _SETTLED for state in states) and any(s in recorded for s in states)


def check_may_have_sessions(event: Event) -> None:
    """Raise ConflictError for what cannot be divided into sessions."""
    if event.part_of_id is not None:
        raise ConflictError("这已经是一场，不能再分场。")
    if event.series_id is not None:
        raise ConflictError("系列活动中的一次不能再分场。")
    if event.state not in MOVABLE:
        raise ConflictError("这次活动已经结束或取消，不能再添加场次。")
    if event.session_count >= MOST_SESSIONS:
        raise ConflictError(f"一次活动最多 {MOST_SESSIONS} 场。")
